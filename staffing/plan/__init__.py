"""``plan.toml`` and the stages that it runs."""
