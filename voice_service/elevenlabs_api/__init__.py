"""The border to ElevenLabs: only here is the vendor's SDK imported."""
