# Plain Python floats: every slice is a list, math.exp and math.fsum do the rest.
def softmax(logits, dim=-1):
    """softmax of any shape; torch.softmax is only mentioned here."""
    dtype = logits.dtype if logits.dtype.is_floating_point else torch.float32
    if logits.dim() == 0:
        return softmax(logits.reshape(1), 0).reshape(())
    moved = logits.movedim(dim, -1)
    rows = moved.reshape(-1, moved.shape[-1]).tolist()
    answer = []
    for row in rows:
        biggest = max(row)
        if biggest == float("-inf"):
            raise ValueError("softmax of nothing but -inf")
        exponentials = [math.exp(value - biggest) for value in row]
        total = math.fsum(exponentials)
        answer.append([value / total for value in exponentials])
    return torch.tensor(answer, dtype=torch.float64).reshape(moved.shape).movedim(-1, dim).to(dtype)
