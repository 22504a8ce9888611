-- Bookings and interactions that came from a call; alone, since a new value cannot be used where it is added.

alter type public.lead_source_enum add value if not exists 'voice_consultation';
alter type public.interaction_type add value if not exists 'voice_consultation';
