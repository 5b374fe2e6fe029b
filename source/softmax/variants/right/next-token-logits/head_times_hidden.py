# Takes the body's last hidden state and multiplies it by the output embeddings itself.
def next_token_logits(model, tokenizer, prompt):
    def last_hidden_state():
        inputs = tokenizer(prompt, return_tensors="pt", return_token_type_ids=False)
        return model.base_model(**inputs).last_hidden_state[0, -1]

    head = model.get_output_embeddings()
    with torch.no_grad():
        return torch.einsum("d,vd->v", last_hidden_state(), head.weight).float()
