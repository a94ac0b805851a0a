"""Outbox → Kafka. The only process that holds a producer of sequenced events (D5)."""
