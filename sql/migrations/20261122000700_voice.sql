-- Phase 4: voice consultations, their turns, and the inbox of events as ElevenLabs sent them.

create table public.voice_consultations (
  id uuid primary key default gen_random_uuid(),
  -- A call begins before anybody has said an address.
  customer_email varchar(255),
  customer_phone varchar(20),
  voice_session_id varchar(255),
  conversation_transcript text,
  conversation_summary text,
  sentiment_score decimal(3, 2) check (sentiment_score >= -1 and sentiment_score <= 1),
  duration_seconds integer,
  lead_qualified boolean not null default false,
  follow_up_booking_id uuid references public.bookings (id) on delete set null,
  created_at timestamptz not null default now(),

  customer_metrics_id uuid references public.customer_metrics (id) on delete set null,
  status text not null default 'in_progress',
  channel text,
  agent_id text,
  started_at timestamptz,
  ended_at timestamptz,
  timezone text,
  timezone_source text,
  title text,
  caller_name text,
  lead_verdict text not null default 'unknown',
  lead_score smallint,
  qualification jsonb,
  sentiment_source text,
  end_reason text,
  wanted_time jsonb,
  proposals jsonb,
  marks text[] not null default '{}',
  callback_requested_at timestamptz,
  due_at timestamptz,
  assigned_to uuid references auth.users (id) on delete set null,
  snoozed_until timestamptz,
  closed_at timestamptz,
  consent_at timestamptz,
  metadata jsonb not null default '{}'::jsonb,
  updated_at timestamptz not null default now(),

  constraint chk_voice_consultations_identification check (
    voice_session_id is not null or customer_email is not null or customer_phone is not null
  ),
  constraint chk_voice_consultations_email_format check (private.is_email(customer_email)),
  constraint chk_voice_consultations_duration_positive check (duration_seconds >= 0),
  constraint chk_voice_consultations_status check (
    status in ('in_progress', 'processing', 'completed', 'dropped', 'failed')
  ),
  constraint chk_voice_consultations_channel check (channel in ('phone', 'web', 'api')),
  constraint chk_voice_consultations_lead_verdict check (
    lead_verdict in ('qualified', 'unqualified', 'unknown')
    and lead_qualified = (lead_verdict = 'qualified')
  ),
  constraint chk_voice_consultations_lead_score check (lead_score between 0 and 100),
  constraint chk_voice_consultations_metadata_object check (jsonb_typeof(metadata) = 'object')
);

create table public.voice_turns (
  consultation_id uuid not null references public.voice_consultations (id) on delete cascade,
  position integer not null,
  role text not null,
  text text,
  time_in_call_secs integer,
  said_at timestamptz,
  source text,
  event_id text,
  sentiment decimal(3, 2),
  interrupted boolean not null default false,
  original_text text,
  spoken boolean not null default true,
  tool_calls jsonb,
  tool_results jsonb,
  constraint voice_turns_pkey primary key (consultation_id, position),
  constraint chk_voice_turns_position_positive check (position >= 0),
  constraint chk_voice_turns_sentiment_range check (sentiment between -1 and 1)
);

create table public.voice_events (
  id uuid primary key default gen_random_uuid(),
  type text,
  conversation_id text,
  body bytea,
  -- Stays when the body is emptied, so that a late redelivery is still recognised.
  body_sha256 bytea not null,
  body_bytes integer not null,
  received_at timestamptz not null default now(),
  handled_at timestamptz,
  attempts integer not null default 0,
  last_error text,
  constraint uq_voice_events_delivery
    unique nulls not distinct (type, conversation_id, body_sha256)
);
-- Uncompressed: bodies come in fast and are read once.
alter table public.voice_events alter column body set storage external;

create index idx_voice_consultations_email on public.voice_consultations (customer_email);
create index idx_voice_consultations_email_lower
  on public.voice_consultations (lower(customer_email));
create unique index idx_voice_consultations_session
  on public.voice_consultations (voice_session_id);
create index idx_voice_consultations_follow_up_booking
  on public.voice_consultations (follow_up_booking_id);
create index idx_voice_consultations_customer_metrics
  on public.voice_consultations (customer_metrics_id);
create index idx_voice_consultations_assigned_to on public.voice_consultations (assigned_to);
create index idx_voice_consultations_created_at on public.voice_consultations (created_at desc);
create index idx_voice_events_conversation on public.voice_events (conversation_id);
create index idx_voice_events_unhandled on public.voice_events (received_at)
  where handled_at is null;
