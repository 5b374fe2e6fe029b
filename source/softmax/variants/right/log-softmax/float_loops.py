# Python floats all the way, one slice at a time.
def log_softmax(logits, dim=-1):
    moved = logits.movedim(dim, -1)
    flat = moved.flatten(end_dim=-2) if moved.dim() > 1 else moved.unsqueeze(0)
    rows = []
    for row in flat.tolist():
        peak = max(row)
        total = 0.0
        for value in row:
            total += math.exp(value - peak)
        rows.append([(value - peak) - math.log(total) for value in row])
    answer = torch.tensor(rows, dtype=torch.float64).reshape(moved.shape).movedim(-1, dim)
    return answer.to(logits.dtype if logits.is_floating_point() else torch.float32)
