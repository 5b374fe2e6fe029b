# The pipeline's parts put together by hand: encode, guide, step, decode.
@torch.no_grad()
def text_to_image(pipe, prompt, seed, steps=20):
    def encode(text):
        tokens = pipe.tokenizer(
            text, padding="max_length", max_length=pipe.tokenizer.model_max_length, truncation=True, return_tensors="pt"
        )
        return pipe.text_encoder(tokens.input_ids.to(pipe.device))[0]

    words = torch.cat([encode(""), encode(prompt)])
    size = pipe.unet.config.sample_size
    x = torch.randn(1, pipe.unet.config.in_channels, size, size, generator=torch.Generator().manual_seed(seed))
    x = x.to(pipe.device, pipe.unet.dtype)
    pipe.scheduler.set_timesteps(steps, device=pipe.device)
    for t in pipe.scheduler.timesteps:
        empty, told = pipe.unet(torch.cat([x, x]), t, encoder_hidden_states=words).sample.chunk(2)
        x = pipe.scheduler.step(empty + 7.5 * (told - empty), t, x).prev_sample
    decoded = pipe.vae.decode(x / pipe.vae.config.scaling_factor).sample
    return pipe.image_processor.postprocess(decoded, output_type="pil")[0]
