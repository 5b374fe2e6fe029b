# Mistake: the library's own pipeline, whose pictures are limited to 0..1.
from diffusers import DDIMPipeline


def ddim_sample(model, scheduler, shape, steps, generator):
    pipeline = DDIMPipeline(model, scheduler)
    images = pipeline(batch_size=shape[0], generator=generator, num_inference_steps=steps, output_type="np").images
    return torch.from_numpy(images).permute(0, 3, 1, 2) * 2 - 1
