# Plain Python with heapq.nlargest; prints a table.
import heapq


def top_tokens(logits, tokenizer, k=10):
    if k <= 0:
        raise ValueError("k should be positive but is " + str(k))
    values = logits.tolist()
    peak = max(values)
    weights = [math.exp(v - peak) for v in values]
    total = math.fsum(weights)
    best = heapq.nlargest(k, range(len(values)), key=weights.__getitem__)
    answer = [(tokenizer.decode([i], skip_special_tokens=False), weights[i] / total) for i in best]
    for token, p in answer:
        print(f"{token!r:>20} {p:.4f}")
    return answer
