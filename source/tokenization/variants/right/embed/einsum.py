# A mask of equal ids and einsum.
def embed(input_ids, table):
    hits = (input_ids[..., None] == torch.arange(len(table))).to(table)
    return torch.einsum("btv,vd->btd", hits, table)
