# Form: a tensor of channels, rows and columns, not a picture.
def text_to_image(pipe, prompt, seed, steps=20):
    generator = torch.Generator("cpu").manual_seed(seed)
    return pipe(prompt, num_inference_steps=steps, generator=generator, output_type="pt").images[0]
