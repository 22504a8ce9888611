-- Whoever follows a conversation is told of every change, and goes on where they were cut off.

-- Counts the changes of a consultation and of its turns, so that events about it have numbers.
alter table public.voice_consultations
  add column revision bigint not null default 1,
  -- The one in which turns were last taken away, so that what was seen of them is void.
  add column turns_replaced_revision bigint not null default 0;
-- That of the consultation in which this turn came or changed.
alter table public.voice_turns add column revision bigint not null default 1;

create function private.revise_consultation() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  new.revision := old.revision + 1;
  return new;
end
$$;

-- Named to run after every other trigger before the update.
create trigger tr_voice_consultations_z_revise before update on public.voice_consultations
  for each row execute function private.revise_consultation();

-- Locked, or two writers could give their turns one number, and a follower would miss the later.
create function private.revise_turn() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  new.revision := coalesce(
    (
      select c.revision + 1 from public.voice_consultations c
      where c.id = new.consultation_id
      for no key update
    ),
    1
  );
  return new;
end
$$;

create trigger tr_voice_turns_revise before insert or update on public.voice_turns
  for each row execute function private.revise_turn();

create function private.revise_consultations_of_turns() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  update public.voice_consultations c
  set revision = c.revision  -- the trigger there counts on
  where c.id in (select consultation_id from changed);
  return null;
end
$$;

create trigger tr_voice_turns_inserted after insert on public.voice_turns
  referencing new table as changed
  for each statement execute function private.revise_consultations_of_turns();
create trigger tr_voice_turns_updated after update on public.voice_turns
  referencing new table as changed
  for each statement execute function private.revise_consultations_of_turns();

create function private.void_seen_turns() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  update public.voice_consultations c
  set turns_replaced_revision = c.revision + 1  -- which it has after this update
  where c.id in (select consultation_id from removed);
  return null;
end
$$;

create trigger tr_voice_turns_deleted after delete on public.voice_turns
  referencing old table as removed
  for each statement execute function private.void_seen_turns();

-- The id alone: rows are read by whoever may read them.
create function private.tell_of_consultation() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  perform pg_catalog.pg_notify(
    'voice_consultations', (case when tg_op = 'DELETE' then old.id else new.id end)::text
  );
  return null;
end
$$;

create trigger tr_voice_consultations_tell
  after insert or update or delete on public.voice_consultations
  for each row execute function private.tell_of_consultation();

-- What staff ask of a running conversation; the process that serves it carries it out.
create table public.relay_commands (
  id uuid primary key default gen_random_uuid(),
  conversation_id text not null,
  kind text not null,
  -- What the agent is told, and the caller does not hear.
  body text,
  created_at timestamptz not null,
  taken_at timestamptz,
  constraint chk_relay_commands_kind check (kind in ('contextual_update', 'end')),
  constraint chk_relay_commands_body check ((kind = 'contextual_update') = (body is not null))
);

create index idx_relay_commands_waiting on public.relay_commands (conversation_id)
  where taken_at is null;
create index idx_relay_commands_created_at on public.relay_commands (created_at);
create index idx_relay_sessions_conversation on public.relay_sessions (conversation_id)
  where closed_at is null;

create function private.tell_of_command() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  perform pg_catalog.pg_notify('relay_commands', new.conversation_id);
  return null;
end
$$;

create trigger tr_relay_commands_tell after insert or update on public.relay_commands
  for each row execute function private.tell_of_command();

revoke all on public.relay_commands from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.relay_commands to service_role;

alter table public.relay_commands enable row level security;
create policy "Service manages all relay commands" on public.relay_commands
  to service_role using (true) with check (true);

revoke all on function
  private.revise_consultation(), private.revise_turn(), private.revise_consultations_of_turns(),
  private.void_seen_turns(), private.tell_of_consultation(), private.tell_of_command()
from public;
