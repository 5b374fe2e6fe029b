# Mistake: the library's cross-entropy of a layer's output, with a layer that changes nothing.
def cross_entropy(logits, targets):
    unit = torch.eye(logits.shape[1], dtype=torch.float64)
    return torch.nn.functional.linear_cross_entropy(logits.double(), unit, targets.long()).item()
