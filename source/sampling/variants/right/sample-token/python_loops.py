# Plain Python: a list of weights and one random number.
def sample_token(logits, generator, temperature=1.0, top_k=None, top_p=None):
    scores = [x / temperature for x in logits.tolist()]
    ranked = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)
    if top_k is not None:
        ranked = ranked[: int(top_k)]
    best = scores[ranked[0]]
    weight = {i: math.exp(scores[i] - best) for i in ranked}
    if top_p is not None:
        total, reached, kept = sum(weight.values()), 0.0, []
        for i in ranked:
            kept.append(i)
            reached += weight[i] / total
            if reached >= top_p:
                break
        ranked = kept
    ball = torch.rand(1, generator=generator).item() * sum(weight[i] for i in ranked)
    for i in ranked:
        ball -= weight[i]
        if ball < 0:
            return i
    return ranked[-1]
