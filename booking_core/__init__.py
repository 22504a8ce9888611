"""The consultancy's business as a plain asyncpg library: customers, services, slots, bookings."""
