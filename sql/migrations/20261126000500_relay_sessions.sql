-- Who is connected for a live conversation: limits hold over all processes, and the killed are found.

create table public.relay_sessions (
  -- Of the token that opened it, which opens no second one.
  id uuid primary key,
  -- A keyed hash of the visitor's address; null for programs that hold our key.
  visitor text,
  conversation_id text,
  opened_at timestamptz not null,
  -- The process that serves it says every few seconds that it still does.
  seen_at timestamptz not null,
  closed_at timestamptz
);

create index idx_relay_sessions_open on public.relay_sessions (seen_at) where closed_at is null;
create index idx_relay_sessions_visitor on public.relay_sessions (visitor, opened_at);
create index idx_relay_sessions_closed on public.relay_sessions (closed_at);
create index idx_voice_consultations_unfinished on public.voice_consultations (created_at)
  where status in ('in_progress', 'processing');

revoke all on public.relay_sessions from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.relay_sessions to service_role;

alter table public.relay_sessions enable row level security;
create policy "Service manages all relay sessions" on public.relay_sessions
  to service_role using (true) with check (true);
