"""Voice consultations in the database: ``recording`` writes them, ``reading`` lists them."""
