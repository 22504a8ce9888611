"""Live conversations: any client of ElevenLabs connects to us, and we to the platform."""
