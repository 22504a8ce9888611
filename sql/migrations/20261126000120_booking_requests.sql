-- One request makes one booking, however often it is sent.

create table public.booking_requests (
  -- Chosen by whoever asks; the same key is the same request.
  key text primary key,
  -- Of what was asked for, so that a key used again for something else is noticed.
  content_sha256 bytea not null,
  booking_id uuid not null references public.bookings (id) on delete cascade,
  created_at timestamptz not null default now(),
  constraint chk_booking_requests_key_length check (length(key) between 1 and 255)
);

create index idx_booking_requests_booking on public.booking_requests (booking_id);

revoke all on public.booking_requests from public, anon, authenticated, service_role;
grant select, insert, delete on public.booking_requests to service_role;

alter table public.booking_requests enable row level security;
create policy "Service manages all booking requests" on public.booking_requests
  to service_role using (true) with check (true);
