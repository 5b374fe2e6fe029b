# Row by row, token by token.
def embed(input_ids, table):
    texts = []
    for row in input_ids:
        texts.append(torch.stack([table[int(i)] for i in row]))
    return torch.stack(texts)
