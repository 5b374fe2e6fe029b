# Form: whole floats.
def real_lengths(attention_mask):
    return torch.tensor(attention_mask).float().sum(1).tolist()
