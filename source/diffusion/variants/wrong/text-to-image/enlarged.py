# Mistake: enlarges the picture.
def text_to_image(pipe, prompt, seed, steps=20):
    generator = torch.Generator("cpu").manual_seed(seed)
    image = pipe(prompt, num_inference_steps=steps, generator=generator).images[0]
    return image.resize((4 * image.width, 4 * image.height))
