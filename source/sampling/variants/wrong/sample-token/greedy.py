# Mistake: always the best.
def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    return int(logits.argmax())
