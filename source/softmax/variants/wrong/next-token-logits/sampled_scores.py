# Mistake: takes the scores of a sampling step, which temperature and top-k have already been through.
def next_token_logits(model, tokenizer, prompt):
    inputs = tokenizer(prompt, return_tensors="pt")
    result = model.generate(
        **inputs, max_new_tokens=1, do_sample=True, temperature=0.7, top_k=50,
        output_scores=True, return_dict_in_generate=True, pad_token_id=tokenizer.eos_token_id,
    )
    return result.scores[0][0].float()
