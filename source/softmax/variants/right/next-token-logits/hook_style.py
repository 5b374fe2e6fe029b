# A forward hook on the output layer.
def next_token_logits(model, tokenizer, prompt):
    box = []
    h = model.get_output_embeddings().register_forward_hook(lambda m, i, o: box.append(o))
    try:
        model(**tokenizer(prompt, return_tensors="pt"))
    finally:
        h.remove()
    return box[0][0, -1].detach().clone().float()
