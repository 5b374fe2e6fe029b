# One regular expression for what may begin a word and one for what may continue it, longest first.
import re


def _choice(parts):
    parts = sorted(parts, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, parts)), re.DOTALL) if parts else re.compile("(?!)")


def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    if len(word) > max_chars:
        return [unknown]
    near = [piece for piece in vocab if piece and (piece in word or piece[2:] in word)]
    first = _choice([piece for piece in near if word.startswith(piece)])
    later = _choice([piece[2:] for piece in near if piece.startswith("##") and piece != "##"])
    out, at = [], 0
    while at < len(word):
        match = (later if at else first).match(word, at)
        if not match:
            return [unknown]
        out.append("##" * (at > 0) + match.group())
        at = match.end()
    return out
