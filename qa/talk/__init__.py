"""What a question means: in a conversation, misspelt, in another language, or as no question at all."""
