# What we use of pygments.token.
class _TokenType(tuple[str, ...]):
    def __getattr__(self, name: str) -> _TokenType: ...

Token: _TokenType
