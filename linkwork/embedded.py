"""Embedded PostgreSQL and Valkey for a machine that has neither."""


def database() -> dict:
    raise NotImplementedError


def redis_url() -> str:
    raise NotImplementedError
