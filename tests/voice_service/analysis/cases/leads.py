"""Calls of people with a project, well and badly told."""

from tests.voice_service.analysis.cases import Call

LEADS = [
    Call(
        name="a clinic's owner without any report",
        said="""
        A: Thanks for calling, what can we build for you?
        U: hello yes so I own two physiotherapy clinics and our patients call all day to move their appointments we want them to book and reschedule online themselves because the front desk loses about three hours a day on the phone
        A: How big is the team?
        U: there's nineteen of us with the front desk
        A: And what could you spend on that?
        U: I was thinking something like twelve to fifteen thousand dollars
        A: By when?
        U: it should be live by the middle of may
        A: Shall I set up a free discovery call?
        U: yes please my email is nora dot beck at beck physio dot com
        """,
        expected={
            "qualified": True,
            "lead_quality": "hot",
            "score": 100 - 5,
            "recommended_service": "discovery-call",
            "facts": {
                "budget_min": 12000,
                "budget_max": 15000,
                "company_size": 19,
                "email": "nora.beck@beckphysio.com",
                "decision_role": "decision_maker",
                "timeline": "0-3",
            },
            "reasons": ["need_clear", "need_detail", "pain_stated", "booking_agreed"],
        },
    ),
    Call(
        name="punctuated text with figures",
        said="""
        A: Hello! What brings you to us today?
        U: Hi, I'm Marcus Webb, COO of Halden Logistics. We'd like to replace our customs paperwork tool; it's from 2009 and the developer who wrote it has retired.
        A: How many people are on your staff?
        U: About 240.
        A: What budget have you set aside?
        U: Between $150,000 and $180,000. The board has already approved it.
        A: When do you want to begin?
        U: In Q3, probably.
        A: Would the 60 minute strategy session suit you?
        U: Sure, sounds good. You can reach me at m.webb@halden-logistics.com.
        """,
        expected={
            "qualified": True,
            "lead_quality": "hot",
            "recommended_service": "strategy-session",
            "facts": {
                "budget_min": 150000,
                "budget_max": 180000,
                "budget_status": "approved",
                "company_size": 240,
                "timeline": "3-6",
                "full_name": "Marcus Webb",
                "company": "Halden Logistics",
                "role": "COO",
                "email": "m.webb@halden-logistics.com",
            },
            "reasons": ["pain_stated", "budget_ge_25k"],
        },
    ),
    Call(
        name="corrected twice",
        said="""
        A: What are you building?
        U: an inventory system for our garden centers
        A: How many people work with you?
        U: sixteen no sorry twenty six since we opened the new branch
        A: What's the budget?
        U: around nine thousand I mean nineteen thousand
        A: And the timing?
        U: in april actually make that september
        """,
        expected={
            "facts": {"company_size": 26, "budget_max": 19000, "timeline": "6-12"},
            "reasons": ["need_clear", "budget_ge_10k", "timeline_6_12m"],
            "missing": ["decision_role", "email"],
        },
    ),
    Call(
        name="a correction in a later turn",
        said="""
        A: Do you have a budget?
        U: we can spend fifteen thousand on it
        A: Great. And what should it do?
        U: a portal where tenants report damages
        A: Anything else?
        U: oh sorry I said fifteen the budget is actually twenty five thousand
        """,
        expected={"facts": {"budget_max": 25000}, "reasons": ["budget_ge_25k"]},
    ),
    Call(
        name="monthly budget",
        said="""
        A: What do you need?
        U: we need someone to modernize our claims software bit by bit
        A: And the budget?
        U: we could do four thousand a month
        A: Who signs off?
        U: I do
        """,
        expected={
            "facts": {"budget_max": 24000, "decision_role": "decision_maker"},
            "reasons": ["budget_ge_10k", "authority_dm"],
        },
    ),
    Call(
        name="pounds",
        said="""
        A: What would you like built?
        U: a mobile app for our riders
        A: Have you got a budget in mind?
        U: forty thousand pounds give or take
        A: Who decides?
        U: the two of us me and my co founder decide together
        """,
        timezone="Europe/London",
        expected={
            "facts": {"budget_max": 40000, "budget_currency": "GBP"},
            "reasons": ["budget_ge_25k", "authority_dm", "need_clear"],
        },
    ),
    Call(
        name="revenue is no budget",
        said="""
        A: What's the project?
        U: we sell about six million dollars a year through our catalog and want an online shop for it
        A: And how much do you want to invest?
        U: hard to say it depends on what you charge
        """,
        report={"budget_max": 6000000, "project_type": "ecommerce"},
        expected={
            "missing": ["budget"],
            "no_reasons": ["budget_ge_25k"],
            "reasons": ["need_clear", "source_conflict"],
            "review": True,
        },
    ),
    Call(
        name="what is lost is no budget",
        said="""
        A: What's going on?
        U: our warehouse tool breaks every week we lose roughly thirty thousand dollars a quarter to wrong shipments and need a new inventory system
        A: Do you have a budget?
        U: not yet we'd need to see what it takes
        """,
        report={"budget_max": 30000, "project_type": "web_app"},
        expected={
            "missing": ["budget"],
            "reasons": ["pain_stated", "need_clear"],
            "no_reasons": ["budget_ge_25k", "budget_none"],
        },
    ),
    Call(
        name="salary beside budget",
        said="""
        A: What do you have in mind?
        U: right now a clerk types every order in by hand her salary is forty two thousand a year so we want to automate it and the budget is eighteen thousand
        """,
        expected={"facts": {"budget_max": 18000}, "reasons": ["budget_ge_10k", "pain_stated"]},
    ),
    Call(
        name="our own price is no budget",
        said="""
        A: What is it about?
        U: we would like a booking platform for our three climbing halls
        A: I can offer the sixty minute strategy session for one hundred and fifty dollars.
        U: a hundred and fifty is fine let's book it
        """,
        expected={
            "missing": ["budget"],
            "no_reasons": ["budget_low"],
            "facts": {"wants_booking": True, "preferred_service": "strategy-session"},
        },
    ),
    Call(
        name="a price the caller asks",
        said="""
        A: How can I help?
        U: I need a website for my bakery with online orders would that be like ten thousand dollars
        A: It depends. Who else is involved?
        U: nobody it's my bakery
        """,
        expected={
            "missing": ["budget"],
            "no_reasons": ["budget_ge_10k"],
            "reasons": ["authority_dm", "need_clear"],
        },
    ),
    Call(
        name="not approved yet",
        said="""
        A: What is the project?
        U: a data warehouse with dashboards for our twelve dealerships
        A: Is the budget approved?
        U: no it's not approved yet we present it to the board in two weeks
        """,
        report={"budget_status": "approved", "project_type": "data_ai"},
        expected={
            "missing": ["budget"],
            "no_reasons": ["budget_approved", "budget_none"],
            "reasons": ["source_conflict"],
        },
    ),
    Call(
        name="approved without a number",
        said="""
        A: What is the project?
        U: an intranet for our hospital group
        A: And the budget?
        U: the budget has been signed off I just can't share the figure
        A: What is your role there?
        U: I'm head of IT
        """,
        expected={
            "facts": {"budget_status": "approved", "decision_role": "influencer"},
            "reasons": ["budget_approved", "authority_influencer"],
        },
    ),
    Call(
        name="equity instead of money",
        said="""
        A: What's your idea?
        U: it's a marketplace app for used instruments I'm the founder and it's just me
        A: Do you have a budget?
        U: I don't have any money to pay you but I can offer equity instead ten percent
        """,
        expected={
            "qualified": False,
            "facts": {"budget_status": "none", "company_size": 1},
            "reasons": ["budget_none", "company_solo"],
            "score": [10, 45],
        },
    ),
    Call(
        name="no budget in mind is not no money",
        said="""
        A: Do you have a budget?
        U: we don't have a budget in mind yet
        A: What are you building?
        U: a scheduling system for our cleaners
        """,
        expected={"missing": ["budget"], "no_reasons": ["budget_none"]},
    ),
    Call(
        name="a head who owns the budget",
        said="""
        A: What do you need?
        U: a supplier portal our buyers still work with spreadsheets
        A: What is your role?
        U: I'm head of procurement and I own the budget for this
        A: How much is it?
        U: about ninety thousand
        A: When?
        U: we'd start next month
        """,
        expected={
            "qualified": True,
            "reasons": ["authority_dm", "budget_ge_25k", "timeline_0_3m", "pain_stated"],
        },
    ),
    Call(
        name="a director has a say",
        said="""
        A: What do you need?
        U: we're evaluating vendors for a new donation platform
        A: And your role?
        U: director of fundraising
        A: When would you start?
        U: within four months
        """,
        expected={
            "facts": {"decision_role": "influencer", "timeline": "3-6"},
            "reasons": ["authority_influencer"],
        },
    ),
    Call(
        name="an executive director decides",
        said="""
        A: Who am I speaking with?
        U: this is Helen Ortiz executive director of the Lakeside Food Bank
        A: What's the project?
        U: volunteers should be able to sign up for shifts online
        """,
        expected={"reasons": ["authority_dm", "need_clear"], "facts": {"full_name": "Helen Ortiz"}},
    ),
    Call(
        name="the assistant of the boss",
        said="""
        A: How can I help?
        U: my manager asked me to find out what a website costs for our hotel
        A: Will you decide?
        U: no I'm her assistant she decides
        """,
        expected={
            "reasons": ["authority_none"],
            "no_reasons": ["authority_dm", "authority_influencer"],
            "facts": {"decision_role": "researcher"},
        },
    ),
    Call(
        name="a yes to the agent's role question",
        said="""
        A: What do you need?
        U: an app for our members
        A: Are you the owner of the gym?
        U: that's right
        A: And about eleven employees, correct?
        U: yes exactly
        """,
        expected={"facts": {"decision_role": "decision_maker", "company_size": 11}},
    ),
    Call(
        name="a no to the agent's claims",
        said="""
        A: So you have a budget of fifty thousand dollars and forty employees?
        U: no that's not right
        A: What do you need then?
        U: just a landing page for our choir
        """,
        expected={"missing": ["budget", "company_size"], "no_reasons": ["budget_ge_25k"]},
    ),
    Call(
        name="what only the agent says is no evidence",
        said="""
        A: I see you run a company of three hundred people with a budget of eighty thousand.
        U: well let me explain what we want which is a tool to plan our shifts
        """,
        report={"company_size": 300, "budget_max": 80000, "project_type": "web_app"},
        expected={
            "missing": ["budget", "company_size"],
            "reasons": ["source_conflict"],
            "no_reasons": ["budget_ge_25k", "company_10plus"],
        },
    ),
    Call(
        name="customers are no staff",
        said="""
        A: How many people are in your company?
        U: we serve four hundred customers with eight employees
        A: What would you build?
        U: a client portal
        """,
        report={"company_size": 400},
        expected={"facts": {"company_size": 8}, "reasons": ["company_2_9", "source_conflict"]},
    ),
    Call(
        name="a couple who run a shop",
        said="""
        A: How many of you are there?
        U: just me and my husband
        A: What do you need?
        U: an online store for our pottery
        """,
        expected={"facts": {"company_size": 2}, "reasons": ["company_2_9"]},
    ),
    Call(
        name="bare answers belong to their questions",
        said="""
        A: What is the project?
        U: a quoting tool for our sales reps
        A: How many employees do you have?
        U: about forty
        A: And what is the budget?
        U: around sixty
        A: When should it be ready?
        U: five months or so
        """,
        expected={
            "facts": {"company_size": 40, "budget_max": 60000, "timeline": "3-6"},
            "reasons": ["budget_ge_25k", "company_10plus", "timeline_3_6m"],
        },
    ),
    Call(
        name="the report agrees within a fifth",
        said="""
        A: What's the budget?
        U: roughly forty five thousand
        A: How many people?
        U: around a hundred and ten people
        A: What do you need?
        U: we need an integration between our ERP and the web shop
        """,
        report={"budget_max": 50000, "company_size": 120, "project_type": "integration_api"},
        expected={
            "facts": {"budget_max": 50000, "company_size": 120},
            "no_reasons": ["source_conflict"],
        },
    ),
    Call(
        name="the report differs from what was said",
        said="""
        A: What's the budget?
        U: twenty thousand at most
        A: When?
        U: not before next year
        A: What do you need?
        U: a membership website for our club
        """,
        report={"budget_max": 200000, "timeline": "0-3", "project_type": "web_app"},
        expected={
            "facts": {"budget_max": 20000},
            "reasons": ["budget_ge_10k", "source_conflict"],
            "no_reasons": ["budget_ge_25k", "timeline_0_3m"],
            "review": True,
        },
    ),
    Call(
        name="an address the caller never said",
        said="""
        A: What's your email?
        U: I'd rather not give it out
        A: Fine. What do you need?
        U: a redesign of our company website before summer
        """,
        report={"email": "info@oakridge.com", "project_type": "web_app"},
        expected={"missing": ["email"], "reasons": ["source_conflict"]},
    ),
    Call(
        name="a phone number in two breaths",
        said="""
        A: What number can we reach you on?
        U: it's five one two
        A: Yes?
        U: five five five oh one double four
        A: And what is it about?
        U: we want an app for our food trucks
        """,
        expected={"facts": {"phone": "+15125550144"}},
    ),
    Call(
        name="a phone number corrected at its end",
        said="""
        A: And a phone number?
        U: three one two five five five oh one eight eight sorry oh one eight nine
        A: What do you need?
        U: a chatbot for our support team
        """,
        expected={"facts": {"phone": "+13125550189"}},
    ),
    Call(
        name="letters spelled with names",
        said="""
        A: How do you spell your email?
        U: it's k as in kilo dash l i u nine seven at harbor dash view dot co dot uk
        A: And the project?
        U: we need our booking system rebuilt it keeps crashing
        """,
        timezone="Europe/London",
        expected={"facts": {"email": "k-liu97@harbor-view.co.uk"}, "reasons": ["pain_stated"]},
    ),
    Call(
        name="just looking",
        said="""
        A: What can I do for you?
        U: I'm just looking around what agencies there are
        A: Do you have a project?
        U: maybe an app some day nothing concrete
        """,
        expected={
            "qualified": False,
            "facts": {"timeline": "later"},
            "reasons": ["timeline_later"],
        },
    ),
    Call(
        name="a forced deadline",
        said="""
        A: What's the project?
        U: the state is shutting down the old filing interface at the end of april and our payroll software has to be migrated to the new API by then
        A: How many work for you?
        U: seventy people
        A: Is there money for it?
        U: yes twenty eight thousand is set aside
        """,
        expected={
            "qualified": True,
            "reasons": ["pain_stated", "timeline_0_3m", "budget_ge_25k", "company_10plus"],
        },
    ),
    Call(
        name="a customer with something new",
        said="""
        A: Welcome back, how can I help?
        U: hi Ingrid here from Alpine Rentals you built our booking site last winter and it works great
        A: Lovely. What's next?
        U: now we want a second product a mobile app for our mechanics I have thirty thousand for it and I decide that myself
        """,
        report={"caller_type": "existing_customer", "project_type": "mobile_app"},
        expected={
            "disqualifier": None,
            "qualified": True,
            "reasons": ["existing_customer_expansion", "budget_ge_25k", "authority_dm"],
            "no_reasons": ["dq_existing_support"],
        },
    ),
    Call(
        name="declines the paid session, takes the free one",
        said="""
        A: What is it about?
        U: a customer app for our car wash chain we are about thirty five people and I'm the owner
        A: I can offer the strategy session for one hundred fifty dollars.
        U: no thanks the free call would be enough
        """,
        expected={
            "facts": {"preferred_service": "discovery-call", "wants_booking": True},
            "recommended_service": "discovery-call",
        },
    ),
    Call(
        name="will think about it",
        said="""
        A: What do you need?
        U: a loyalty app for our coffee shops
        A: Would you like to book the free discovery call?
        U: I'll think about it and get back to you
        """,
        expected={"facts": {"wants_booking": False}, "no_reasons": ["booking_agreed"]},
    ),
    Call(
        name="asks for a session unprompted",
        said="""
        A: Hello?
        U: hi can I book a strategy session please we run an insurance brokerage with fifty agents and want to rebuild our quoting software
        """,
        expected={
            "facts": {"wants_booking": True, "project_type": "modernization", "company_size": 50},
            "reasons": ["booking_agreed"],
        },
    ),
    Call(
        name="figures the agent read back",
        said="""
        A: What's the budget?
        U: thirty five
        A: Thirty five thousand dollars?
        U: yes
        A: And what would we build?
        U: a donation platform
        """,
        expected={"facts": {"budget_max": 35000}, "reasons": ["budget_ge_25k"]},
    ),
    Call(
        name="unusable report beside a clear transcript",
        said="""
        A: What do you need?
        U: we're a brewery with fourteen people and I want our taproom orders to go online
        A: Budget?
        U: eleven thousand dollars
        A: Who decides?
        U: me I'm the owner
        """,
        report={
            "company_size": "fourteen",
            "budget_max": -5,
            "decision_role": "king",
            "timeline": 3,
            "email": "user@domain.com",
        },
        expected={
            "facts": {"company_size": 14, "budget_max": 11000},
            "reasons": ["invalid_field_ignored", "authority_dm", "budget_ge_10k"],
            "missing": ["email", "timeline"],
        },
    ),
    Call(
        name="students are customers here",
        said="""
        A: What are you working on?
        U: we're a driving school and need an app where our students can book lessons and do their homework
        A: How many instructors?
        U: nine people in total
        """,
        expected={"disqualifier": None, "reasons": ["need_clear", "company_2_9"]},
    ),
    Call(
        name="hires people, is no applicant",
        said="""
        A: What's the project?
        U: we're a staffing firm and people should be able to apply for jobs and upload their resume on our new website
        A: Budget?
        U: around twenty thousand
        """,
        expected={"disqualifier": None, "reasons": ["need_clear", "budget_ge_10k"]},
    ),
    Call(
        name="sells things, but not to us",
        said="""
        A: What brings you here?
        U: we sell SEO services to dentists and need a client dashboard with reports
        A: How many are you?
        U: a team of six
        """,
        expected={"disqualifier": None, "reasons": ["need_clear", "company_2_9"]},
    ),
    Call(
        name="devices with something to build",
        said="""
        A: What do you need?
        U: we install security cameras and want a portal where our customers see their contracts
        """,
        expected={"disqualifier": None, "reasons": ["need_clear"]},
    ),
    Call(
        name="another agency long ago",
        said="""
        A: What happened?
        U: last year we went with another agency and they never delivered so we need somebody to finish our customer portal
        A: Budget?
        U: fifty thousand
        """,
        expected={
            "disqualifier": None,
            "reasons": ["need_clear", "budget_ge_25k", "pain_stated"],
        },
    ),
    Call(
        name="a German call judged by its report",
        language="de",
        timezone="Europe/Berlin",
        said="""
        A: Guten Tag, was möchten Sie bauen?
        U: wir brauchen einen Onlineshop für unsere Gärtnerei mit fünfundzwanzig Mitarbeitern
        A: Wie ist Ihre E-Mail-Adresse?
        U: anna punkt vogel at gruenwerk bindestrich berlin punkt de
        """,
        report={
            "project_type": "ecommerce",
            "company_size": 25,
            "budget_max": 20000,
            "budget_currency": "EUR",
            "decision_role": "decision_maker",
            "timeline": "3-6",
        },
        expected={
            "qualified": True,
            "facts": {"email": "anna.vogel@gruenwerk-berlin.de", "company_size": 25},
            "reasons": ["budget_ge_10k", "contact_given"],
            "confidence": 0.6,
        },
    ),
    Call(
        name="a French call judged by its report alone",
        language="fr",
        timezone="Europe/Paris",
        said="""
        A: Bonjour, que pouvons-nous faire pour vous ?
        U: bonjour nous voulons une boutique en ligne pour notre librairie à Lyon
        """,
        report={"project_type": "ecommerce", "company_size": 6, "email": "luc@pages.fr"},
        expected={
            "facts": {"company_size": 6, "email": "luc@pages.fr"},
            "no_reasons": ["source_conflict"],
        },
    ),
]
