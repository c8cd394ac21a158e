"""Messages as people write them to a chat bot, ours, beside those of CLINC150: kind -> messages."""

from __future__ import annotations

_EXAMPLES = {
    "how_are_you": """
        how are you|how are u|how r u|how are you doing|how do you do|hows it going|how is your day going|you ok|
        are you ok|all good with you|how do you feel today|what's up|whats up bot|sup|how was your day|u good|
        are you happy|are you sad|are you tired|did you sleep well|hope you are doing well|how have you been lately
    """,
    "insult": """
        you are stupid|you are an idiot|you're so dumb|you are useless|stupid bot|dumb bot|idiot|moron|you suck|
        fuck you|fuck off|go to hell|shut up you idiot|you are the worst bot ever|you are garbage|piece of shit|
        you are a piece of crap|this bot is useless|this bot is trash|what a stupid bot|what a useless bot|
        you know nothing|you don't know anything|you are wrong about everything you dumb machine|i hate you|
        i hate this bot|you are terrible|you're awful|you are pathetic|you are so annoying|worst bot ever|bullshit|
        are you stupid|are you dumb|are you an idiot|why are you so stupid|why are you so dumb|why are you so useless|
        how dumb are you|how stupid can you be|you're a joke|you are a loser|asshole|bastard|bitch|dickhead|
        you are ugly|nobody likes you|kill yourself|drop dead|screw you|damn you|get lost|you are boring|
        you useless piece of junk|you never understand anything|you are good for nothing|what an idiot you are|
        you stupid machine|you're not very smart|you are not intelligent|stupid|dumb|useless|you are fake|
        you are rubbish|you disgust me|you are a waste of time|crap bot|wtf is wrong with you|what is wrong with you
    """,
    "acknowledgement": """
        ok|okay|k|kk|okey|oki|ok cool|ok great|okay good|cool|nice|great|good|fine|alright|all right|got it|i see|
        i understand|understood|makes sense|that makes sense|interesting|that's interesting|very interesting|wow|
        oh wow|oh|oh ok|oh i see|ah ok|aha|hmm|hm|right|sure thing|sounds good|good to know|that's good to know|
        perfect|excellent|awesome|amazing|wonderful|brilliant|fantastic|well done|not bad|that's nice|lol|haha|
        hahaha|noted|roger|never mind|no problem|no worries|that's all|that is all|nothing else|that will be all|
        i'm done|fair enough|as you wish|whatever|it's ok|it's fine|that's fine|that was quick|that is sad|how sad|
        how interesting|good news|bad news|test|testing|just testing|this is a test|just looking|just trying you out
    """,
    "thanks": """
        thx|thnx|tysm|ty|thank u|thank u so much|thanks bro|thanks man|thanks buddy|thanks a bunch|thanks a ton|
        thanks bot|thank you sir|thank you dear|thank you my friend|cheers|cheers mate|much appreciated|god bless you|
        you're a star|you are awesome|you are great|you're amazing|you are very helpful|that was helpful|
        that helped a lot|good bot|great job|good job|well done bot|i love you|i like you|you are smart|
        you are so clever|nice work|great answer|good answer|this is very useful thank you
    """,
    "greeting": """
        hi|hello|hey|hi there|hello bot|hi bot|hey bot|hello everyone|hi all|hello friend|hello my friend|hi dear|
        hello sir|hello dear|good morning|good afternoon|good evening|morning|gm|hey buddy|heyy|hii|helo|howdy|
        greetings|salam|assalamu alaikum|namaste|hola|nice to meet you|pleased to meet you|anyone there|
        is anybody there|are you there|you there|hello are you there|hello can you hear me|i am back|i'm back|
        good morning bot|a very good morning to you|hi i am new here|let's talk|can we talk|can i talk to you|
        talk to me|let's chat|i want to chat
    """,
    "goodbye": """
        bye|bye bye|goodbye|good bye|good night|gn|see you|see ya|cya|see you tomorrow|ttyl|talk later|i'm off|
        gotta go|i gotta go|got to go|i have to leave now|have a nice day|have a great day|have a good evening|
        take care|until next time|farewell|ciao|later|later bot|catch you later|that's it bye|peace out|i'm leaving
    """,
    "who_are_you": """
        who are you|who r u|what are you|who are you exactly|who am i talking to|what is this bot|tell me who you are|
        tell me about yourself|introduce yourself|please introduce yourself|what's your name|do you have a name|
        your name please|your name|who is your owner|who is your creator|who owns you|who built you|who runs this bot|
        who is behind this bot|who wrote you|who trained you|where do you live|where are you|where are you located|
        how old are you|when is your birthday|do you have a family|do you have parents|are you married|
        do you have a girlfriend|are you male or female|are you a boy or a girl|what do you look like|do you eat|
        do you sleep|what is your favorite color|what is your favourite food|do you like music|what do you like|
        what language do you speak|which languages do you speak|do you speak spanish|can you speak urdu|
        do you have feelings|do you love me|what model are you|which model are you based on|what are you made of
    """,
    "what_can_you_do": """
        what can you do|what do you do|what can i ask|what can i ask you|what should i ask|what do you know|
        what can you tell me|what are you for|what are you good for|what is your purpose|what is your job|
        how do you work|how does this work|how does this bot work|how do i use this|how do i use this bot|
        how can i use you|how to use this bot|what can this bot do|what is this bot for|what does this bot do|
        what are your features|what are your capabilities|what are your skills|can you help me|can you help|
        can you answer questions|can you answer my questions|can you answer a question|i need your help|
        i need some help|i have a question|can i ask you a question|can i ask you something|may i ask a question|
        what kind of questions do you answer|which questions can you answer|what topics do you cover|
        what topics do you know about|what are you able to do|show me what you can do|what should i do now|
        how do i ask you something|why are you here|what do i do here|do you know everything
    """,
    "are_you_a_bot": """
        are you a bot|are you human|are you a human|are you real|are you a robot|are you an ai|are you ai|r u a bot|
        are you a machine|are you a person|are you chatgpt|are you gpt|are you a language model|are you alive|
        are you conscious|are you a real person|is this a bot|is this a real person|am i talking to a human|
        am i talking to a robot|am i chatting with a machine|you are a bot right|you're a robot aren't you|
        so you are a bot|are you artificial intelligence|are you a chatbot|is there a human behind this|
        is a person answering me|do you use chatgpt|are you using ai|can i talk to a human|
        i want to talk to a real person|let me speak to a human
    """,
    "yes": "yes|yeah|yep|yup|ya|yes please|sure|of course|definitely|absolutely|exactly|correct|right|that's right|"
    "yes it is|yes i do|yes i am|yes that's it|i agree|i think so|true|you are right|you're right|of course yes|"
    "yes thank you|i do|please do|go ahead|yes go on|yes yes|that is correct",
    "no": "no|nope|nah|no no|not really|no thanks|no thank you|no it isn't|no it is not|no i don't|no i am not|wrong|"
    "that's wrong|that is wrong|this is wrong|incorrect|that's not right|that's not true|your answer is wrong|"
    "this answer is wrong|that's not what i asked|that is not what i meant|you are wrong|you're wrong|of course not|"
    "i don't think so|i disagree|not at all|no way|never|you misunderstood me|wrong answer|that is not correct|"
    "that doesn't answer my question|this is not the answer",
    "repeat": "repeat|repeat that|say that again|again please|come again|pardon|sorry what|what did you say|"
    "what was that|repeat please|can you repeat that|can you say it again|one more time|once more please|"
    "what was your answer|what did you just say|i didn't get that|i missed that|repeat your answer",
    "cannot": """
        tell me a joke|make me laugh|sing a song|sing me a song|write a poem|write me a poem|write an essay|
        write code for me|write a story|tell me a story|tell me a bedtime story|draw me a picture|draw a cat|
        play music|play a song|play a game with me|let's play a game|can you dance|dance for me|set an alarm|
        set a timer|remind me tomorrow|call me|send me money|send a message|order me a pizza|book me a flight|
        what is the weather|what's the weather like|how is the weather today|will it rain today|what time is it|
        what is the time|what day is it|what day is today|what is today's date|translate this for me|
        translate this to spanish|can you translate|do my homework|help me with my homework|solve this for me|
        give me a recipe|give me advice|i need advice|i am bored|i'm bored|entertain me|i am sad|i feel lonely|
        i am hungry|i'm tired|i love my mother|do you believe in god|is there a god|what is love|marry me|
        will you marry me|can you be my friend|be my friend|what should i eat|flip a coin|roll a dice|
        pick a number|guess my name|what is my name|do you know my name|who am i|how old am i|where am i|
        what am i thinking|search the internet|google it|open youtube|show me a picture|send me a photo|
        tell me something interesting|tell me a fun fact|tell me something i don't know|surprise me
    """,
}

# What follows an answer about an article, and must be looked for there. {} is one of _WHO.
_FOLLOW_UPS = """
    who is {}|who was {}|what about {}|and {}|who are {}|what did {} say|what did {} do|why did {} say that|
    when did {} say that|where did {} say it|where is {} from|where was {} born|how old is {}|who does {} work for|
    who do {} work for|what is {} name|what does {} do|what can {} do|what else did {} do|how did {} die|
    did {} agree|has {} said anything else|is {} right|was {} there|what happened to {}|tell me about {}|
    tell me more about {}|who did {} meet|how is {}|how are {}|does {} like it|what do {} want|what did {} create|
    who made {}|what was {} job|are {} real|is {} human|is {} alive|where does {} live|does {} have a family|
    what was {} purpose|thanks to {} what happened|no, {}|yes but {}|what did {} say about bots|
    why is {} stupid|how did {} feel|what was {} answer|no i mean {}|not {}|yes, {}|i asked about {}|help {}
"""
_WHO = (
    "he|she|they|it|his|her|their|him|them|this|the minister|the company|the ambassador|the meeting|the police|"
    "the man|the president|the court|the team|the report|the US|the government|the people"
)
_QUESTIONS = """
    why|why not|how|how so|when|and when|and when was it|where|and where|who|and who|what|which ones|how many|
    how much|how long|how often|how far|since when|until when|by whom|with whom|whose|what for|what then|and then|
    then what|what happened|what happened next|what happened then|what happened after that|what else|anything else|
    who else|where else|anything else of interest|any others|what are the others|name them|list them|list all|
    give me the details|tell me more|more|go on|continue|more details|any examples|for example|example|such as|
    what is this about|what is it about|what is the article about|what are the articles about|what's the news|
    what's new|any news|latest news|what is the latest|what is the source|what is your source|what are your sources|
    where did you get that|how do you know that|says who|according to whom|who said that|who said so|who says that|
    who wrote this|who wrote the article|who is the author|when was this written|when was it published|
    who made the statement|what was the reason|what is the reason|for what reason|what was the result|
    what did they decide|what was decided|what was said|what is meant by that|what does that mean|what is that|
    what is it|what was it|what is the point|what are the main points|summarise it|summarize|summary|
    summarise the article|give me a summary|in short|explain|explain that|explain it to me|what are the facts|
    is it true|is that true|is this true|was it true|is that all|was that all|really|is it over|was it successful|
    how did it end|how did it start|what is the problem|what was wrong with it|did it work|does it work|
    how does it work|how do they work|what can be done|what can people do|what can the reader do|what do we know|
    what is known about it|who knows about it|who is responsible|who is behind it|who is involved|who was there|
    who are the attendees|who attended|who are they|who is in charge|who is affected|who is the owner|who is the boss|
    who created it|who built it|who owns it|who runs it|where is it|where was it|where is it made|how old is it|
    what is its name|what is his name|what was her name|what are their names|what did the bot do|help|what kind|
    what type|what day|which day|what date|what time|what year|in what year|what city|what country|which country|
    are there any others|is there more|is there anything about health|did anyone die|was anyone hurt|how many died|
    what does the ai act say|who made the robot|what is a bot|what is artificial intelligence|are robots dangerous|
    thank you note of whom|who was thanked|who said goodbye|who said no|who said yes|why did they say no|
    who was insulted|what else can you tell me|what else can you tell me about it|did you find anything else|
     what else did you find interesting|anything else i should know|can you tell me more about it|
    do you know anything else| are there any other interesting aspects|did you find any other interesting facts|
    any children|any brothers or sisters| what can you tell me about the meeting|can you tell me who attended|
    do you know who attended|do you know when it was| can you explain that|could you list the names|
    do you have news about health|tell me what happened|why was he called an idiot|what is the joke about|
    who told the joke|in which language|
    how is the weather there|what is the capital|what is the population|when is the next meeting|what comes next
"""
# MiniLM reads English; what is asked in other languages must not seem small talk to it.
_FOREIGN = """
    quien es el embajador|que dijo el presidente|cuando fue la reunion|donde se encontraron|por que lo dijo|
    cuantas personas murieron|de que trata el articulo|que paso ayer|quien gano|y por que|que mas|
    wer ist der botschafter|was sagte der minister|wann war das treffen|wo war das|warum|wie viele leute waren da|
    worum geht es|was ist passiert|wer hat gewonnen|und dann|qui est l'ambassadeur|qu'a dit le ministre|
    quand a eu lieu la reunion|ou est il|pourquoi|combien de personnes|de quoi parle l'article|que s'est il passe|
    safeer kaun hai|wazir ne kya kaha|mulaqat kab hui|kahan hua|kyun|kitne log thay|kis ne kaha|khabar kya hai|
    us ne kya kaha|wo kaun hai|kya hua|aur kya kaha|kab tak|kisne mulaqat ki|mantri ne kya kaha|baithak kab hui|
    kto posol|chto skazal ministr|kogda byla vstrecha|gde eto bylo|pochemu|skolko lyudey|o chem statya
"""


def own_examples() -> list[tuple[str, str]]:
    """Return our messages with their kinds."""
    return [(text, kind) for kind, texts in _EXAMPLES.items() for text in _split(texts)]


def follow_ups() -> list[str]:
    """Return questions about what was said before, none of which is small talk."""
    about = [form.format(who) for form in _split(_FOLLOW_UPS) for who in _split(_WHO)]
    return about + _split(_QUESTIONS) + _split(_FOREIGN)


def _split(texts: str) -> list[str]:
    return [" ".join(text.split()) for text in texts.split("|") if text.strip()]
