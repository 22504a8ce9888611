"""Bookings, holds and requests in the database."""
