# Embeddings made beforehand.
def text_to_image(pipe, prompt, seed, steps=20):
    with torch.no_grad():
        told, empty = pipe.encode_prompt(prompt, pipe.device, 1, True)
    g = torch.Generator().manual_seed(seed)
    return pipe(prompt_embeds=told, negative_prompt_embeds=empty, num_inference_steps=steps, generator=g).images[0]
