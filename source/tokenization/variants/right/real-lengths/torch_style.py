# A tensor and its sum.
def real_lengths(attention_mask):
    return torch.tensor(attention_mask).long().sum(dim=-1).tolist()
