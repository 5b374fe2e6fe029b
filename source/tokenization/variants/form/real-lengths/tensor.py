# Form: a tensor, not a list.
def real_lengths(attention_mask):
    return torch.tensor(attention_mask).sum(1)
