"""Every name in the booking schema's document: the website and the dashboard rely on them."""

from typing import Final

# table → "column type; …"
COLUMNS: Final[dict[str, str]] = {
    "profiles": (
        "id uuid; first_name character varying(100); last_name character varying(100); company "
        "character varying(255); role user_role; is_staff boolean; timezone character "
        "varying(50); avatar_url text; bio text; preferred_contact_method contact_method; "
        "marketing_consent boolean; created_at timestamp with time zone; updated_at timestamp "
        "with time zone"
    ),
    "customer_metrics": (
        "id uuid; user_id uuid; email character varying(255); lead_source lead_source_enum; "
        "lead_quality lead_quality_enum; total_bookings integer; total_revenue numeric(10,2); "
        "last_booking_date timestamp with time zone; first_booking_date timestamp with time "
        "zone; status customer_status; last_interaction_date timestamp with time zone; "
        "created_at timestamp with time zone; updated_at timestamp with time zone"
    ),
    "services": (
        "id uuid; slug character varying(100); name character varying(255); description text; "
        "short_description character varying(500); price numeric(10,2); currency character(3); "
        "duration_minutes smallint; booking_type service_booking_type; max_daily_bookings "
        "smallint; max_concurrent_bookings smallint; features jsonb; prerequisites jsonb; "
        "is_active boolean; is_popular boolean; requires_payment boolean; auto_confirm boolean; "
        "created_at timestamp with time zone; updated_at timestamp with time zone"
    ),
    "bookings": (
        "id uuid; booking_reference character varying(20); user_id uuid; customer_metrics_id "
        "uuid; customer_data jsonb; project_description text; service_id uuid; scheduled_date "
        "date; scheduled_time time without time zone; scheduled_datetime timestamp with time "
        "zone; actual_start_time timestamp with time zone; actual_end_time timestamp with time "
        "zone; status booking_status; booking_source lead_source_enum; payment_status "
        "payment_status; payment_amount numeric(10,2); payment_method character varying(50); "
        "payment_reference character varying(255); meeting_platform character varying(50); "
        "meeting_url text; meeting_id character varying(255); meeting_password character "
        "varying(100); consultant_id uuid; lead_score smallint; estimated_project_value "
        "numeric(12,2); follow_up_required boolean; follow_up_date timestamp with time zone; "
        "follow_up_notes text; created_at timestamp with time zone; updated_at timestamp with "
        "time zone; confirmed_at timestamp with time zone; completed_at timestamp with time "
        "zone; cancelled_at timestamp with time zone"
    ),
    "availability_templates": (
        "id uuid; consultant_id uuid; day_of_week smallint; start_time time without time zone; "
        "end_time time without time zone; max_bookings smallint; is_active boolean; created_at "
        "timestamp with time zone"
    ),
    "availability_overrides": (
        "id uuid; consultant_id uuid; specific_date date; start_time time without time zone; "
        "end_time time without time zone; is_available boolean; max_bookings smallint; reason "
        "character varying(255); created_at timestamp with time zone"
    ),
    "follow_ups": (
        "id uuid; booking_id uuid; customer_metrics_id uuid; assigned_to uuid; follow_up_type "
        "follow_up_type; priority priority_level; status follow_up_status; scheduled_date "
        "timestamp with time zone; completed_date timestamp with time zone; due_date timestamp "
        "with time zone; title character varying(255); notes text; outcome text; next_action "
        "character varying(255); created_at timestamp with time zone; updated_at timestamp with "
        "time zone"
    ),
    "customer_interactions": (
        "id uuid; customer_metrics_id uuid; booking_id uuid; interaction_type interaction_type; "
        "interaction_date timestamp with time zone; details jsonb; staff_member uuid; "
        "value_score smallint; conversion_potential conversion_potential"
    ),
    "projects": (
        "id uuid; customer_metrics_id uuid; original_booking_id uuid; project_name character "
        "varying(255); project_type text[]; estimated_value numeric(12,2); actual_value "
        "numeric(12,2); status project_status; start_date date; estimated_completion date; "
        "actual_completion date; created_at timestamp with time zone; updated_at timestamp with "
        "time zone"
    ),
    "audit_log": (
        "id uuid; table_name character varying(100); record_id uuid; operation audit_operation; "
        "old_values jsonb; new_values jsonb; changed_by uuid; changed_at timestamp with time "
        "zone; ip_address inet; user_agent text"
    ),
    "voice_consultations": (
        "id uuid; customer_email character varying(255); customer_phone character varying(20); "
        "voice_session_id character varying(255); conversation_transcript text; "
        "conversation_summary text; sentiment_score numeric(3,2); duration_seconds integer; "
        "lead_qualified boolean; follow_up_booking_id uuid; created_at timestamp with time zone"
    ),
}

VIEWS: Final[dict[str, str]] = {
    "monthly_booking_stats": (
        "month timestamp with time zone; total_bookings bigint; completed_bookings bigint; "
        "total_revenue numeric; avg_lead_score numeric"
    ),
    "customer_conversion_funnel": (
        "lead_quality lead_quality_enum; customers bigint; avg_revenue numeric; "
        "repeat_customers bigint"
    ),
    "service_performance": (
        "name character varying(255); price numeric(10,2); total_bookings bigint; "
        "completed_bookings bigint; avg_lead_score numeric; total_revenue numeric"
    ),
}

# enum → its values, in their order
ENUMS: Final[dict[str, str]] = {
    "user_role": "customer admin consultant sales",
    "contact_method": "email phone both",
    "lead_quality_enum": "unqualified qualified hot converted churned",
    "customer_status": "prospect active inactive churned vip",
    "lead_source_enum": (
        "website_booking referral social_media google_ads linkedin email_campaign cold_outreach "
        "partnership"
    ),
    "service_booking_type": "scheduled immediate",
    "booking_status": "pending confirmed in_progress completed cancelled no_show rescheduled",
    "payment_status": "pending processing paid failed refunded waived",
    "follow_up_type": (
        "email phone_call proposal_send contract_discussion project_kickoff check_in upsell "
        "feedback_request"
    ),
    "follow_up_status": "pending in_progress completed cancelled failed overdue",
    "priority_level": "low medium high urgent",
    "interaction_type": (
        "booking_created consultation_completed proposal_sent contract_signed project_started "
        "project_completed referral_made review_left complaint_filed"
    ),
    "conversion_potential": "unknown low medium high converted",
    "project_status": (
        "lead qualified proposal_sent negotiation signed in_progress completed cancelled"
    ),
    "audit_operation": "INSERT UPDATE DELETE",
}

# function(arguments as a caller names them) → what it returns
FUNCTIONS: Final[dict[str, str]] = {
    "audit_trigger_function()": "trigger",
    "auto_promote_lead_quality()": "trigger",
    (
        "calculate_lead_score(service_price numeric, company_size text, project_description text)"
    ): "smallint",
    "generate_booking_reference()": "character varying",
    "get_customer_data(customer_user_id uuid, fallback_email text)": "jsonb",
    "get_customer_email(customer_user_id uuid, fallback_email text)": "text",
    "get_user_email(user_id uuid)": "text",
    "get_user_phone(user_id uuid)": "text",
    "get_user_profile(user_id uuid)": "json",
    "handle_new_user()": "trigger",
    "set_booking_reference()": "trigger",
    "set_smart_payment_status()": "trigger",
    "update_customer_stats()": "trigger",
    (
        "update_user_profile(user_id uuid, first_name_param text, last_name_param text, "
        "phone_param text, company_param text, timezone_param text, "
        "preferred_contact_method_param contact_method, marketing_consent_param boolean)"
    ): "json",
}

# trigger → table
TRIGGERS: Final[dict[str, str]] = {
    "on_auth_user_created": "auth.users",
    "tr_bookings_audit": "bookings",
    "tr_bookings_set_payment_status": "bookings",
    "tr_bookings_set_reference": "bookings",
    "tr_bookings_update_customer_stats": "bookings",
    "tr_customer_metrics_audit": "customer_metrics",
    "tr_customer_metrics_auto_promote": "customer_metrics",
}

# policy → table, command
POLICIES: Final[dict[str, str]] = {
    "Only admins can view audit logs": "audit_log SELECT",
    "Staff can view all bookings": "bookings SELECT",
    "Users can view own bookings": "bookings SELECT",
    "Users can view own customer metrics": "customer_metrics SELECT",
    "Staff can manage all follow-ups": "follow_ups ALL",
    "Users can view own follow-ups": "follow_ups SELECT",
    "Staff can view all profiles": "profiles SELECT",
    "Users can insert own profile": "profiles INSERT",
    "Users can update own profile": "profiles UPDATE",
    "Users can view own profile": "profiles SELECT",
}

# table → its indexes
INDEXES: Final[dict[str, str]] = {
    "customer_metrics": (
        "idx_customer_metrics_email_lower idx_customer_metrics_lead_quality "
        "idx_customer_metrics_total_revenue idx_customer_metrics_user_email "
        "idx_customer_metrics_user_id"
    ),
    "services": "idx_services_active_popular idx_services_booking_type",
    "bookings": (
        "idx_bookings_consultant_date idx_bookings_customer_data_gin "
        "idx_bookings_customer_email idx_bookings_customer_metrics "
        "idx_bookings_scheduled_datetime idx_bookings_status_created idx_bookings_user_id"
    ),
    "availability_templates": "idx_availability_templates_consultant_day",
    "availability_overrides": "idx_availability_overrides_consultant_date",
    "follow_ups": "idx_follow_ups_assigned_pending idx_follow_ups_due_date",
    "audit_log": "idx_audit_log_changed_at idx_audit_log_table_record",
    "voice_consultations": "idx_voice_consultations_email idx_voice_consultations_session",
}

# table → its constraints
CONSTRAINTS: Final[dict[str, str]] = {
    "profiles": "chk_profiles_names_not_empty profiles_id_fkey profiles_pkey",
    "customer_metrics": (
        "chk_customer_metrics_email_format chk_customer_metrics_identification "
        "chk_customer_metrics_totals_positive customer_metrics_pkey "
        "customer_metrics_user_id_fkey"
    ),
    "services": (
        "chk_services_capacity_positive chk_services_duration_positive "
        "chk_services_features_array chk_services_price_positive chk_services_slug_format "
        "services_pkey services_slug_key"
    ),
    "bookings": (
        "bookings_booking_reference_key bookings_consultant_id_fkey "
        "bookings_customer_metrics_id_fkey bookings_lead_score_check bookings_pkey "
        "bookings_service_id_fkey bookings_user_id_fkey chk_bookings_actual_times_order "
        "chk_bookings_customer_data_format chk_bookings_customer_identification "
        "chk_bookings_payment_amount_positive chk_bookings_scheduled_fields_consistency "
        "chk_bookings_scheduled_future"
    ),
    "availability_templates": (
        "availability_templates_consultant_id_fkey availability_templates_pkey "
        "chk_availability_templates_day_range chk_availability_templates_max_bookings_positive "
        "chk_availability_templates_time_order uq_availability_templates_consultant_day_time"
    ),
    "availability_overrides": (
        "availability_overrides_consultant_id_fkey availability_overrides_pkey "
        "chk_availability_overrides_max_bookings_positive chk_availability_overrides_time_order "
        "uq_availability_overrides_consultant_date_time"
    ),
    "follow_ups": (
        "chk_follow_ups_dates_order follow_ups_assigned_to_fkey follow_ups_booking_id_fkey "
        "follow_ups_customer_metrics_id_fkey follow_ups_pkey"
    ),
    "customer_interactions": (
        "customer_interactions_booking_id_fkey customer_interactions_customer_metrics_id_fkey "
        "customer_interactions_pkey customer_interactions_staff_member_fkey "
        "customer_interactions_value_score_check"
    ),
    "projects": "projects_customer_metrics_id_fkey projects_original_booking_id_fkey projects_pkey",
    "audit_log": "audit_log_changed_by_fkey audit_log_pkey",
    "voice_consultations": (
        "voice_consultations_follow_up_booking_id_fkey voice_consultations_pkey "
        "voice_consultations_sentiment_score_check"
    ),
}
