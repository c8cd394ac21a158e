"""What an English article says, by rules: who is named, who speaks, on which day, yes or no."""
