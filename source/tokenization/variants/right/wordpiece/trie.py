# A tree of letters, made anew from the whole vocabulary for each word.
class Node(dict):
    end = False


def _plant(pieces):
    root = Node()
    for piece in pieces:
        node = root
        for letter in piece:
            node = node.setdefault(letter, Node())
        node.end = True
    return root


def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    if len(word) > max_chars:
        return [unknown]
    heads = _plant(piece for piece in vocab.keys())
    tails = _plant(piece[2:] for piece in vocab.keys() if piece.startswith("##") and len(piece) > 2)
    tokens, position = [], 0
    while position < len(word):
        node, longest = (heads if position == 0 else tails), 0
        for offset, letter in enumerate(word[position:], start=1):
            if letter not in node:
                break
            node = node[letter]
            if node.end:
                longest = offset
        if longest == 0:
            return [unknown]
        tokens.append(("##" if position else "") + word[position : position + longest])
        position += longest
    return tokens
