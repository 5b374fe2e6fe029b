# Mistake: ids in 16 bits: those over 32,767 become negative.
def embed(input_ids, table):
    return table[input_ids.to(torch.int16).long()]
