# The first noise is made here.
def text_to_image(pipe, prompt, seed, steps=20):
    generator = torch.Generator().manual_seed(seed)
    size = pipe.unet.config.sample_size
    noise = torch.randn(1, pipe.unet.config.in_channels, size, size, generator=generator)
    noise = noise.to(pipe.device, pipe.unet.dtype)
    (image,) = pipe(prompt=prompt, num_inference_steps=steps, latents=noise).images
    return image
