"""What we deploy: webhooks, jobs, API and pages around conversations with the voice agent."""
