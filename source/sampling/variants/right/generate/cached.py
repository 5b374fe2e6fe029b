# With the model's memory; a while loop; the model put into eval mode.
@torch.inference_mode()
def generate(model, tokenizer, prompt, max_new_tokens, generator, temperature=1.0, top_k=None, top_p=None):
    model.eval()
    feed = tokenizer.encode(prompt, return_tensors="pt")
    memory = None
    new = []
    while len(new) < max_new_tokens:
        out = model(input_ids=feed, past_key_values=memory, use_cache=True, return_dict=True)
        memory = out.past_key_values
        nxt = sample_token(out.logits[0, -1, :].float(), generator=generator, temperature=temperature, top_k=top_k, top_p=top_p)
        if nxt == model.config.eos_token_id:
            return tokenizer.decode(new)
        new.append(nxt)
        feed = torch.tensor([[nxt]])
    return tokenizer.decode(new, skip_special_tokens=True)
