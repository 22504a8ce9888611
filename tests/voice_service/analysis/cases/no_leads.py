"""Calls of people who are no leads at all."""

from tests.voice_service.analysis.cases import Call

NO_LEADS = [
    Call(
        name="an applicant the agent took for a prospect",
        said="""
        A: How can I help?
        U: good morning are you guys hiring at the moment I do backend work mostly Go and Python
        A: We build software for companies. Is this about a project?
        U: it's about a position I'd love to send you my CV
        """,
        report={"caller_type": "prospect", "timeline": "0-3", "project_type": "web_app"},
        expected={
            "disqualifier": "job_seeker",
            "route": "careers",
            "score": 0,
            "recommended_service": None,
            "no_reasons": ["timeline_0_3m", "need_clear"],
        },
    ),
    Call(
        name="an internship",
        said="""
        A: Hello, what are you calling about?
        U: I'm looking for a summer internship in design do you offer something like that
        """,
        expected={"disqualifier": "job_seeker"},
    ),
    Call(
        name="a vendor with cheap developers",
        said="""
        A: What are you looking to build?
        U: actually we provide dedicated developers from twenty dollars an hour and I wanted to ask if you need more hands for your projects
        A: We're fine, thanks.
        U: we work with many agencies like yours I can send you three profiles today
        """,
        report={"caller_type": "prospect", "budget_max": 20, "company": "CodeHands"},
        expected={
            "disqualifier": "vendor",
            "score": 0,
            "no_reasons": ["budget_low", "source_conflict_x"],
        },
    ),
    Call(
        name="search engine rankings",
        said="""
        A: Hi, how can I help?
        U: I was looking at your website and we could get you on the first page of google within ninety days
        A: We're not interested.
        U: who is in charge of your online marketing then
        """,
        expected={"disqualifier": "vendor"},
    ),
    Call(
        name="a recorded prize",
        said="""
        A: Hello, how can I help?
        U: you have been selected to receive a free vacation for two to claim your prize press one now
        """,
        expected={"disqualifier": "spam", "score": 0, "route": "none"},
    ),
    Call(
        name="a car warranty",
        said="""
        A: Hello?
        U: we have been trying to reach you about your car's extended warranty this is your final notice
        """,
        report={"project_type": "web_app"},
        expected={"disqualifier": "spam", "no_reasons": ["need_clear"]},
    ),
    Call(
        name="a pizza",
        said="""
        A: Intellectif, how can I help?
        U: hi is this Mario's pizza I want to order two large ones
        A: No, this is a software consultancy.
        U: oh sorry wrong number
        """,
        expected={"disqualifier": "wrong_number", "route": "none"},
    ),
    Call(
        name="looks for a doctor",
        said="""
        A: How can I help you today?
        U: I'm trying to reach doctor Patel's clinic to move my appointment
        """,
        expected={"disqualifier": "wrong_number"},
    ),
    Call(
        name="wants no calls",
        said="""
        A: Hello, this is Intellectif.
        U: you people called me three times this week take me off your list and stop calling
        """,
        expected={"disqualifier": "opt_out", "route": "remove", "score": [0, 20]},
    ),
    Call(
        name="chose somebody else and is done",
        said="""
        A: Have you decided about the project?
        U: yes we signed with a different agency last week our team of fifty liked their demo more
        A: Can we check in with you in spring?
        U: no there's no need to follow up
        """,
        report={"company_size": 50, "project_type": "web_app", "budget_max": 60000},
        expected={"disqualifier": "opt_out", "no_reasons": ["company_10plus", "need_clear"]},
    ),
    Call(
        name="a thesis",
        said="""
        A: What are you building?
        U: a recommendation engine for my master's thesis and I wondered if you could look over my code
        """,
        report={"project_type": "data_ai"},
        expected={"disqualifier": "student", "no_reasons": ["need_clear"]},
    ),
    Call(
        name="homework",
        said="""
        A: What's the deadline?
        U: monday it's an assignment for my databases class I just need somebody to explain joins
        """,
        expected={"disqualifier": "student", "no_reasons": ["timeline_0_3m"]},
    ),
    Call(
        name="something we built is down",
        said="""
        A: Hello, what can I do for you?
        U: this is Omar at Pinewood Dental the booking page you made for us has been down since this morning and patients can't get through
        A: I'm sorry to hear that. Shall I open a ticket?
        U: yes and please hurry we have twelve people waiting
        """,
        report={"caller_type": "prospect", "project_type": "web_app", "company_size": 12},
        expected={
            "disqualifier": "existing_customer_support",
            "route": "support",
            "reasons": ["dq_existing_support"],
            "no_reasons": ["need_clear"],
        },
    ),
    Call(
        name="a bill",
        said="""
        A: How can I help?
        U: I have a question about the invoice you sent us in february you charged us twice for hosting
        """,
        expected={"disqualifier": "existing_customer_support", "route": "support"},
    ),
    Call(
        name="a printer",
        said="""
        A: What do you need?
        U: could somebody come by and fix our printer it jams all the time and the wifi in the office is slow too
        """,
        expected={"disqualifier": "out_of_scope", "recommended_service": None},
    ),
    Call(
        name="laptops",
        said="""
        A: What are you looking for?
        U: we need twenty new laptops and somebody to set up our office network
        """,
        report={"project_type": "other"},
        expected={"disqualifier": "out_of_scope"},
    ),
    Call(
        name="silence",
        said="""
        A: Hello?
        U: hello
        A: Can you hear me?
        U: yes hello
        """,
        report={"project_type": "web_app", "budget_max": 50000},
        expected={"disqualifier": "no_conversation", "score": 0, "confidence": [0.05, 0.6]},
    ),
    Call(
        name="the label beats silence of the transcript",
        said="""
        A: Hello, what is it about?
        U: I would like to talk with whoever is responsible there about something
        """,
        report={"caller_type": "vendor"},
        expected={"disqualifier": "vendor"},
    ),
    Call(
        name="a wrong label does not cost a lead",
        said="""
        A: What do you need?
        U: we are a trucking company with forty drivers and need an app for proof of delivery
        A: What's the budget?
        U: sixty thousand dollars
        """,
        report={"caller_type": "vendor", "project_type": "mobile_app"},
        expected={"disqualifier": None, "reasons": ["need_clear", "budget_ge_25k"]},
    ),
]
