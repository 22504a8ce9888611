-- Bookings and interactions from a call; alone, for a new value is no use where it is added.

alter type public.lead_source_enum add value if not exists 'voice_consultation';
alter type public.interaction_type add value if not exists 'voice_consultation';
