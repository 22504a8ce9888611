"""Customers in the database: finding who somebody is, listing them, changing them."""
