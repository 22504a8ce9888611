-- Phase 1: people, customers, services and bookings, with the checks and indexes they need.

create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  first_name varchar(100) not null,
  last_name varchar(100) not null,
  company varchar(255),
  role public.user_role not null default 'customer',
  is_staff boolean not null default false,
  timezone varchar(50) default 'UTC',
  avatar_url text,
  bio text,
  preferred_contact_method public.contact_method default 'email',
  marketing_consent boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- People with one name sign up too.
  constraint chk_profiles_names_not_empty check (
    length(trim(first_name)) > 0 or length(trim(last_name)) > 0
  ),
  constraint chk_profiles_timezone check (private.is_timezone(timezone))
);

create table public.customer_metrics (
  id uuid primary key default gen_random_uuid(),
  user_id uuid references auth.users (id) on delete set null,
  email varchar(255),
  lead_source public.lead_source_enum not null default 'website_booking',
  lead_quality public.lead_quality_enum not null default 'unqualified',
  total_bookings integer not null default 0,
  total_revenue decimal(10, 2) not null default 0.00,
  last_booking_date timestamptz,
  first_booking_date timestamptz,
  status public.customer_status not null default 'prospect',
  last_interaction_date timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  phone text,
  do_not_contact_at timestamptz,
  constraint chk_customer_metrics_email_format check (private.is_email(email)),
  constraint chk_customer_metrics_phone_format check (private.is_phone(phone)),
  constraint chk_customer_metrics_totals_positive check (
    total_bookings >= 0 and total_revenue >= 0
  ),
  constraint chk_customer_metrics_identification check (
    user_id is not null or email is not null or phone is not null
  )
);

create table public.services (
  id uuid primary key default gen_random_uuid(),
  slug varchar(100) unique not null,
  name varchar(255) not null,
  description text not null,
  short_description varchar(500),
  price decimal(10, 2) not null default 0.00,
  currency char(3) not null default 'USD',
  duration_minutes smallint not null,
  booking_type public.service_booking_type not null default 'scheduled',
  max_daily_bookings smallint,
  max_concurrent_bookings smallint default 1,
  features jsonb not null default '[]'::jsonb,
  prerequisites jsonb default '[]'::jsonb,
  is_active boolean not null default true,
  is_popular boolean not null default false,
  requires_payment boolean not null default false,
  auto_confirm boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  slot_step_minutes smallint not null default 15,
  buffer_before_minutes smallint not null default 0,
  buffer_after_minutes smallint not null default 0,
  minimum_notice_minutes integer not null default 60,
  horizon_days smallint not null default 60,
  constraint chk_services_slug_format check (slug ~ '^[a-z0-9-]+$'),
  constraint chk_services_name_not_empty check (length(trim(name)) > 0),
  constraint chk_services_price_positive check (price >= 0),
  constraint chk_services_paid_has_price check (not requires_payment or price > 0),
  constraint chk_services_currency_format check (currency ~ '^[A-Z]{3}$'),
  constraint chk_services_duration_positive check (duration_minutes > 0),
  constraint chk_services_capacity_positive check (
    (max_daily_bookings is null or max_daily_bookings > 0)
    and (max_concurrent_bookings is null or max_concurrent_bookings > 0)
  ),
  constraint chk_services_features_array check (jsonb_typeof(features) = 'array'),
  constraint chk_services_prerequisites_array check (jsonb_typeof(prerequisites) = 'array'),
  constraint chk_services_slot_rules check (
    slot_step_minutes > 0
    and buffer_before_minutes >= 0
    and buffer_after_minutes >= 0
    and minimum_notice_minutes >= 0
    and horizon_days > 0
  )
);

create table public.bookings (
  id uuid primary key default gen_random_uuid(),
  booking_reference varchar(20) unique not null,
  user_id uuid references auth.users (id) on delete set null,
  customer_metrics_id uuid references public.customer_metrics (id) on delete restrict,
  customer_data jsonb not null,
  project_description text not null,
  service_id uuid not null references public.services (id) on delete restrict,
  scheduled_date date,
  scheduled_time time,
  scheduled_datetime timestamptz,
  actual_start_time timestamptz,
  actual_end_time timestamptz,
  status public.booking_status not null default 'pending',
  booking_source public.lead_source_enum not null default 'website_booking',
  payment_status public.payment_status not null default 'pending',
  payment_amount decimal(10, 2),
  payment_method varchar(50),
  payment_reference varchar(255),
  meeting_platform varchar(50),
  meeting_url text,
  meeting_id varchar(255),
  meeting_password varchar(100),
  consultant_id uuid references auth.users (id) on delete set null,
  lead_score smallint default 0 check (lead_score >= 0 and lead_score <= 100),
  estimated_project_value decimal(12, 2),
  follow_up_required boolean not null default true,
  follow_up_date timestamptz,
  follow_up_notes text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  confirmed_at timestamptz,
  completed_at timestamptz,
  cancelled_at timestamptz,
  -- What was agreed stays agreed when the service changes later.
  timezone text not null default 'UTC',
  duration_minutes smallint,
  scheduled_end timestamptz,
  currency char(3),
  seat smallint,
  constraint chk_bookings_customer_identification check (customer_metrics_id is not null),
  -- An immediate consultation is scheduled at the very moment it is made.
  constraint chk_bookings_scheduled_future check (
    scheduled_datetime is null or scheduled_datetime >= created_at
  ),
  constraint chk_bookings_payment_amount_positive check (
    payment_amount is null or payment_amount >= 0
  ),
  constraint chk_bookings_actual_times_order check (
    actual_start_time is null or actual_end_time is null or actual_start_time <= actual_end_time
  ),
  constraint chk_bookings_scheduled_fields_consistency check (
    (scheduled_date is not null and scheduled_time is not null and scheduled_datetime is not null)
    or (scheduled_date is null and scheduled_time is null and scheduled_datetime is null)
  ),
  constraint chk_bookings_customer_data_format check (private.is_customer_data(customer_data)),
  constraint chk_bookings_timezone check (private.is_timezone(timezone)),
  constraint chk_bookings_end_with_start check (
    (scheduled_datetime is null) = (scheduled_end is null)
  ),
  constraint chk_bookings_duration_positive check (duration_minutes > 0),
  constraint chk_bookings_currency_format check (currency ~ '^[A-Z]{3}$'),
  -- The last line behind the trigger that gives out the seats: whatever it overlooked ends here. A
  -- range without bounds would be all of time, hence no bookings without a time.
  constraint bookings_no_double_booking exclude using gist (
    consultant_id with =, seat with =, tstzrange(scheduled_datetime, scheduled_end) with &&
  ) where (
    status in ('pending', 'confirmed', 'in_progress') and scheduled_datetime is not null
  ),
  constraint bookings_one_service_at_a_time exclude using gist (
    consultant_id with =, service_id with <>, tstzrange(scheduled_datetime, scheduled_end) with &&
  ) where (
    status in ('pending', 'confirmed', 'in_progress') and scheduled_datetime is not null
  )
);

create index idx_bookings_scheduled_datetime on public.bookings (scheduled_datetime)
  where status not in ('cancelled', 'completed');
create index idx_bookings_customer_email on public.bookings ((customer_data ->> 'email'));
create index idx_bookings_customer_email_lower
  on public.bookings (lower(customer_data ->> 'email'));
create index idx_bookings_status_created on public.bookings (status, created_at);
create index idx_bookings_consultant_date on public.bookings (consultant_id, scheduled_date)
  where status = 'confirmed';
create index idx_bookings_consultant_datetime
  on public.bookings (consultant_id, scheduled_datetime)
  include (scheduled_end, service_id, status);
create index idx_bookings_service_datetime on public.bookings (service_id, scheduled_datetime);
create index idx_bookings_user_id on public.bookings (user_id) where user_id is not null;
create index idx_bookings_customer_metrics on public.bookings (customer_metrics_id);
create index idx_bookings_customer_data_gin on public.bookings using gin (customer_data);
-- One payment pays for one booking.
create unique index uq_bookings_payment
  on public.bookings (payment_method, payment_reference) nulls not distinct
  where payment_reference <> '';

create index idx_customer_metrics_email_lower on public.customer_metrics (lower(email));
create unique index idx_customer_metrics_user_id on public.customer_metrics (user_id);
create unique index uq_customer_metrics_guest_email on public.customer_metrics (lower(email))
  where user_id is null;
create index idx_customer_metrics_user_email on public.customer_metrics (user_id, email);
create index idx_customer_metrics_phone on public.customer_metrics (phone) where phone is not null;
create index idx_customer_metrics_lead_quality on public.customer_metrics (lead_quality)
  where lead_quality <> 'churned';
create index idx_customer_metrics_total_revenue on public.customer_metrics (total_revenue desc)
  where total_revenue > 0;

create index idx_services_active_popular on public.services (is_active, is_popular)
  where is_active = true;
create index idx_services_booking_type on public.services (booking_type) where is_active = true;
