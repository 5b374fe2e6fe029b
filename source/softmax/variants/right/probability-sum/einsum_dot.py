# A dot product with ones; own helper called softmax that only divides.
def softmax_weight(values):
    return torch.ones_like(values)


def probability_sum(probabilities):
    p = probabilities.to(dtype=torch.float64).ravel()
    return torch.einsum("i,i->", p, softmax_weight(p)).item()
