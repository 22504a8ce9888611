-- Phase 2: when a consultant can be had, and the times kept for callers who are still deciding.

create table public.availability_templates (
  id uuid primary key default gen_random_uuid(),
  consultant_id uuid not null references auth.users (id) on delete cascade,
  day_of_week smallint not null,
  start_time time not null,
  end_time time not null,
  max_bookings smallint not null default 1,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint chk_availability_templates_day_range check (day_of_week >= 0 and day_of_week <= 6),
  constraint chk_availability_templates_time_order check (start_time < end_time),
  constraint chk_availability_templates_max_bookings_positive check (max_bookings > 0),
  constraint uq_availability_templates_consultant_day_time
    unique (consultant_id, day_of_week, start_time, end_time)
);
comment on column public.availability_templates.day_of_week is '0 = Sunday, 6 = Saturday';

create table public.availability_overrides (
  id uuid primary key default gen_random_uuid(),
  consultant_id uuid not null references auth.users (id) on delete cascade,
  specific_date date not null,
  start_time time,
  end_time time,
  is_available boolean not null default false,
  max_bookings smallint,
  reason varchar(255),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint chk_availability_overrides_time_order check (
    start_time is null or end_time is null or start_time < end_time
  ),
  constraint chk_availability_overrides_times_together check (
    (start_time is null) = (end_time is null)
  ),
  constraint chk_availability_overrides_max_bookings_positive check (
    max_bookings is null or max_bookings > 0
  ),
  -- Two closings of one whole day are the same closing, although their times are null.
  constraint uq_availability_overrides_consultant_date_time
    unique nulls not distinct (consultant_id, specific_date, start_time, end_time)
);

create table public.slot_holds (
  id uuid primary key default gen_random_uuid(),
  conversation_id text not null,
  consultant_id uuid not null references auth.users (id) on delete cascade,
  service_id uuid not null references public.services (id) on delete cascade,
  seat smallint,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint uq_slot_holds_conversation unique (conversation_id),
  constraint chk_slot_holds_time_order check (starts_at < ends_at)
);

create index idx_availability_templates_consultant_day
  on public.availability_templates (consultant_id, day_of_week) where is_active = true;
create index idx_availability_overrides_consultant_date
  on public.availability_overrides (consultant_id, specific_date);
create index idx_slot_holds_consultant_start on public.slot_holds (consultant_id, starts_at);
create index idx_slot_holds_service_start on public.slot_holds (service_id, starts_at);
