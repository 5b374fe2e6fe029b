# Mistake: weaker guidance.
def text_to_image(pipe, prompt, seed, steps=20):
    generator = torch.Generator("cpu").manual_seed(seed)
    return pipe(prompt, num_inference_steps=steps, generator=generator, guidance_scale=5.0).images[0]
