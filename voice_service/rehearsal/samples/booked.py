"""Conversations that become a booking by themselves."""

from typing import Final

from voice_service.rehearsal.model import Dialogue, Expected, Sample, Wanted, agent, caller

STRONG_LEAD: Final = Sample(
    name="strong-lead",
    shows="a hot lead, paid session at the wanted time, payment still to come",
    wanted=Wanted(service="strategy-session"),
    expected=Expected(verdict="qualified", became="booked", booking="pending"),
    dialogue=Dialogue(
        timezone="America/Chicago",
        phone="+13125550143",
        mailbox="nora.kestrel",
        title="Dispatch platform for a freight company",
        summary="Nora Kestrel, operations director and co-owner of Northline Freight (45 people), "
        "wants the spreadsheets her dispatchers work from replaced by a web application before "
        "February. $40,000 to $60,000 are approved. She asked for a strategy session.",
        facts={
            "caller_type": "prospect",
            "full_name": "Nora Kestrel",
            "company": "Northline Freight",
            "role": "Operations director and co-owner",
            "email": "{email}",
            "company_size": 45,
            "project_type": "web_app",
            "project_description": "A web application for dispatching, in place of spreadsheets "
            "that lose about three orders a week; drivers' phones and customers should see the "
            "same plan.",
            "budget_min": 40000,
            "budget_max": 60000,
            "budget_currency": "USD",
            "budget_status": "approved",
            "decision_role": "decision_maker",
            "timeline": "0-3",
            "preferred_time": "{preferred_time}",
            "wants_booking": True,
            "caller_sentiment": 0.6,
            "preferred_service": "strategy-session",
        },
        lines=(
            agent("Hello, this is Intellectif. What can we build for you?"),
            caller(
                "Hi, I'm Nora Kestrel from Northline Freight. Our dispatchers plan every truck in "
                "spreadsheets and we lose about three orders a week because somebody overwrote a "
                "cell. We want a proper web application for that."
            ),
            agent("That sounds painful. How large is your team,", cut_off="and who decides?"),
            caller(
                "There are forty-five people here. I co-own the company, so I decide, and we have "
                "a budget of forty to sixty thousand dollars approved for this."
            ),
            agent("And when should it be running?"),
            caller("It has to be live in two months, before our February peak."),
            agent(
                "Then a strategy session fits best: an hour with a senior consultant, 150 dollars. "
                "Shall I note one for you?"
            ),
            caller("Yes please, that would be great. Could we do {when}?"),
            agent("I will ask for that. Where do we send the confirmation?"),
            caller("To {spoken_email}. Thank you, you've been really helpful!"),
        ),
    ),
)

FIRST_TALK: Final = Sample(
    name="first-talk",
    shows="a qualified lead who wants the free call: booked and confirmed",
    wanted=Wanted(service="discovery-call"),
    expected=Expected(verdict="qualified", became="booked", booking="confirmed"),
    dialogue=Dialogue(
        timezone="Europe/London",
        mailbox="tom.ashdown",
        title="Bookkeeping integration for an accountancy firm",
        summary="Tom Ashdown, partner at Ashdown & Vale (nine people), wants bank feeds copied "
        "into their bookkeeping without typing. About £8,000, in four or five months. He asked for "
        "the free discovery call.",
        facts={
            "caller_type": "prospect",
            "full_name": "Tom Ashdown",
            "company": "Ashdown & Vale",
            "role": "Managing partner",
            "email": "{email}",
            "company_size": 9,
            "project_type": "integration_api",
            "project_description": "Copy bank feeds and supplier invoices into the bookkeeping "
            "system of each client, which two people type in by hand today.",
            "budget_max": 8000,
            "budget_currency": "GBP",
            "budget_status": "estimated",
            "decision_role": "decision_maker",
            "timeline": "3-6",
            "preferred_time": "{preferred_time}",
            "wants_booking": True,
            "preferred_service": "discovery-call",
        },
        lines=(
            agent("Hi! Would you like to talk about a software project?"),
            caller(
                "Yes. I'm Tom Ashdown, managing partner of a small accountancy firm, nine of us. "
                "Two people here type bank feeds into our clients' bookkeeping all day, by hand. "
                "We would like those systems connected through an API."
            ),
            agent("Have you set a budget aside, and is there a date in mind?"),
            caller("Our budget is about 8000 pounds, and we would start in four or five months."),
            agent("I would suggest our free discovery call of fifteen minutes. When suits you?"),
            caller("Lovely, let's book the free call. {when} would be perfect."),
            agent("And your e-mail address?"),
            caller("It's {email}. Thanks a lot!"),
        ),
    ),
)

TIME_GONE: Final = Sample(
    name="time-gone",
    shows="the wanted time is gone: the free call moves to the nearest free one",
    wanted=Wanted(service="discovery-call", free=False),
    expected=Expected(
        verdict="qualified", became="booked", booking="confirmed", marks=("moved_to_nearest",)
    ),
    dialogue=Dialogue(
        timezone="America/New_York",
        mailbox="grace.lindqvist",
        title="Online shop for a jeweller",
        summary="Grace Lindqvist owns a jewellery shop with four people and wants to sell online "
        "before Mother's Day. $12,000. She asked for a discovery call.",
        facts={
            "caller_type": "prospect",
            "full_name": "Grace Lindqvist",
            "company": "Lindqvist Jewellers",
            "role": "Owner",
            "email": "{email}",
            "company_size": 4,
            "project_type": "ecommerce",
            "project_description": "An online shop with engraving options and stock that follows "
            "the till in the store, so that no ring is sold twice.",
            "budget_max": 12000,
            "budget_status": "estimated",
            "decision_role": "decision_maker",
            "timeline": "3-6",
            "preferred_time": "{preferred_time}",
            "wants_booking": True,
            "caller_sentiment": 0.4,
            "preferred_service": "discovery-call",
        },
        lines=(
            agent("Welcome to Intellectif. What are you planning?"),
            caller(
                "Hello! I own a little jewellery shop, there's four of us, and I'd love to sell "
                "online. An online shop that knows what is still in the store, because we sold the "
                "same ring twice last month."
            ),
            agent("How much would you like to spend, and when should the shop open?"),
            caller("My budget is 12000 dollars. We should start in about four months."),
            agent("Our discovery call is free. Would you like one?"),
            caller("Oh yes, please book me one. {when} would be best for me."),
            agent("I will note that. What is your e-mail address?"),
            caller("{spoken_email}"),
        ),
    ),
)

SPANISH: Final = Sample(
    name="spanish",
    shows="a caller who speaks Spanish: judged by what the agent collected",
    wanted=Wanted(service="discovery-call"),
    expected=Expected(verdict="qualified", became="booked", booking="confirmed"),
    dialogue=Dialogue(
        timezone="Europe/Madrid",
        language="es",
        phone="+34910000117",
        mailbox="lucia.ferrer",
        title="Aplicación de pedidos para una cadena de panaderías",
        summary="Lucía Ferrer, dueña de una cadena de panaderías con 60 empleados, quiere una "
        "aplicación móvil para pedidos en tres meses. Presupuesto: 30.000 euros. Pidió la llamada "
        "gratuita.",
        facts={
            "caller_type": "prospect",
            "full_name": "Lucía Ferrer",
            "company": "Panaderías Ferrer",
            "role": "Dueña",
            "email": "{email}",
            "company_size": 60,
            "project_type": "mobile_app",
            "project_description": "Una aplicación móvil con la que los clientes encargan el pan "
            "la víspera y cada panadería sabe cuánto tiene que hornear.",
            "budget_max": 30000,
            "budget_currency": "EUR",
            "budget_status": "approved",
            "decision_role": "decision_maker",
            "timeline": "0-3",
            "preferred_time": "{preferred_time}",
            "wants_booking": True,
            "caller_sentiment": 0.5,
            "preferred_service": "discovery-call",
        },
        lines=(
            agent("Hola, le atiende Intellectif. ¿En qué podemos ayudarle?"),
            caller(
                "Buenos días. Soy Lucía Ferrer, tengo una cadena de panaderías y necesitamos una "
                "aplicación móvil para que los clientes encarguen el pan la víspera. Ahora tiramos "
                "muchísimo pan cada noche."
            ),
            agent("¿Cuántas personas son y qué presupuesto tienen?"),
            caller(
                "Somos sesenta empleados y hay 30.000 euros aprobados. Decido yo, y la queremos "
                "dentro de tres meses."
            ),
            agent("Le propongo una llamada gratuita de quince minutos. ¿Cuándo le viene bien?"),
            caller("Perfecto. El {when}, por favor. Mi correo es {email}. Muchas gracias."),
            agent("Tomo nota. Recibirá un mensaje nuestro."),
        ),
    ),
)

ONLY_WORDS: Final = Sample(
    name="only-words",
    shows="the platform sent no analysis: judged and booked from what the caller said",
    wanted=Wanted(service="discovery-call"),
    expected=Expected(verdict="qualified", became="booked", booking="confirmed"),
    dialogue=Dialogue(
        timezone="Europe/Dublin",
        mailbox="orla.keane",
        lines=(
            agent("Hello, this is Intellectif. What would you like to build?"),
            caller(
                "hi this is Orla Keane I own a garden centre in Kilkenny and our customers keep "
                "asking to order online but we do it all by phone and on paper so every week a few "
                "orders get lost"
            ),
            agent("How many of you are there?"),
            caller("there's fourteen of us in the season"),
            agent("Is there a budget for it?"),
            caller("twenty no sorry twelve thousand euros is what I've put aside"),
            agent("And when should it be ready?"),
            caller("in about two months before the spring"),
            agent("I can book the free discovery call for you. When would suit?"),
            caller("yes please do {when} if you can and my email is {spoken_email}"),
            agent("I will ask for that. Goodbye!"),
        ),
    ),
)

BOOKED: Final = (STRONG_LEAD, FIRST_TALK, TIME_GONE, SPANISH, ONLY_WORDS)
