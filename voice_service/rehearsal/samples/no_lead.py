"""Conversations from which neither a booking nor work follows."""

from typing import Final

from voice_service.rehearsal.model import Dialogue, Expected, Sample, agent, caller

SMALL_BUDGET: Final = Sample(
    name="small-budget",
    shows="enough is known to say no: a hobby project with no money",
    expected=Expected(verdict="unqualified", became="nothing"),
    dialogue=Dialogue(
        timezone="Australia/Melbourne",
        mailbox="jesse.byrne",
        title="A recipe website as a hobby",
        summary="Jesse Byrne would like a recipe website one day, alone, for about $600.",
        facts={
            "caller_type": "prospect",
            "full_name": "Jesse Byrne",
            "email": "{email}",
            "company_size": 1,
            "project_type": "web_app",
            "project_description": "A recipe website.",
            "budget_max": 600,
            "budget_status": "estimated",
            "decision_role": "decision_maker",
            "timeline": "later",
            "wants_booking": False,
            "caller_sentiment": 0.2,
        },
        lines=(
            agent("Hi! What would you like to build?"),
            caller("Just a website for my own recipes, really. It's only me, it's a hobby."),
            agent("Nice! What budget do you have in mind?"),
            caller("My budget is maybe 600 dollars."),
            agent("And when would you like to start?"),
            caller("Oh, no hurry, sometime later, maybe the year after next. {email} if you like."),
        ),
    ),
)

JOB_SEEKER: Final = Sample(
    name="job-seeker",
    shows="somebody who applies for a job",
    expected=Expected(verdict="unqualified", became="nothing", disqualifier="job_seeker"),
    dialogue=Dialogue(
        timezone="America/Toronto",
        phone="+14165550129",
        mailbox="arjun.mehta",
        title="Application as a developer",
        summary="Arjun Mehta asked whether developers are being hired and how to send a resume.",
        facts={
            "caller_type": "job_seeker",
            "full_name": "Arjun Mehta",
            "email": "{email}",
            "wants_booking": False,
            "caller_sentiment": 0.3,
        },
        lines=(
            agent("Hello, this is Intellectif. What can we build for you?"),
            caller("Hi, I'm not a client. I wanted to ask if you are hiring backend developers."),
            agent("I can pass that on. Would you like to leave your details?"),
            caller("Sure, Arjun Mehta, {spoken_email}. Where do I send my resume?"),
            agent("You will find the address on our careers page."),
        ),
    ),
)

SUPPORT: Final = Sample(
    name="support",
    shows="a customer whose site is down: support, not a lead",
    expected=Expected(
        verdict="unqualified", became="nothing", disqualifier="existing_customer_support"
    ),
    dialogue=Dialogue(
        timezone="Europe/Paris",
        phone="+33199000142",
        mailbox="claire.moreau",
        title="Login of the customer portal is broken",
        summary="Claire Moreau of a hotel we built a portal for reports that nobody can log in.",
        facts={
            "caller_type": "existing_customer",
            "full_name": "Claire Moreau",
            "company": "Hotel des Quais",
            "email": "{email}",
            "project_description": "Nobody can log in to the guest portal since this morning.",
            "wants_booking": False,
            "caller_sentiment": -0.3,
        },
        lines=(
            agent("Hello, this is Intellectif. What can we build for you?"),
            caller(
                "You built our guest portal last year, and since this morning nobody can log in. "
                "The page only shows an error."
            ),
            agent("I am sorry about that. Who is calling, and where can we reach you?"),
            caller("Claire Moreau, Hotel des Quais, {spoken_email}. Please be quick."),
            agent("I have passed it on to support."),
        ),
    ),
)

HUNG_UP: Final = Sample(
    name="hung-up",
    shows="nobody said a word",
    expected=Expected(verdict="unqualified", became="nothing", disqualifier="no_conversation"),
    dialogue=Dialogue(timezone="UTC", phone="+442079460188", facts={}, lines=()),
)

NO_ANALYSIS: Final = Sample(
    name="no-analysis",
    shows="the platform sent no analysis, and too little was said to judge",
    expected=Expected(verdict="unknown", became="nothing"),
    dialogue=Dialogue(
        timezone="America/Sao_Paulo",
        lines=(
            agent("Hi! Would you like to talk about a software project?"),
            caller("I only wanted to know whether you work with customers in Brazil."),
            agent("We do, all over the world. What is it about?"),
            caller("I can't say yet, I have to ask my colleagues first. I'll come back to you."),
            agent("Gladly, any time."),
        ),
    ),
)

NO_LEAD: Final = (SMALL_BUDGET, JOB_SEEKER, SUPPORT, HUNG_UP, NO_ANALYSIS)
