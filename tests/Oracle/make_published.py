"""Writes the settings of the published families in a size for tests; the graphs are drawn to them by the tests themselves.

tiny-smolvlm: SmolVLM2-Video-Instruct, tiny-onevision: LLaVA-OneVision, tiny-qwen2vl: Qwen2-VL, tiny-whisper: Whisper, with the files and fields as they are published.
"""

import json
import pathlib
import sys

from make_tiny import QWEN2, train_bpe

HERE = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
SMOL_TEMPLATE = (
    "<|im_start|>{% for message in messages %}{{message['role'] | capitalize}}"
    "{% if message['content'][0]['type'] == 'image' %}{{':'}}{% else %}{{': '}}{% endif %}"
    "{% for line in message['content'] %}{% if line['type'] == 'text' %}{{line['text']}}"
    "{% elif line['type'] == 'image' %}{{ '<image>' }}{% elif line['type'] == 'video' %}{{ '<video>' }}{% endif %}{% endfor %}"
    "<end_of_utterance>\n{% endfor %}{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}"
)
ONEVISION_TEMPLATE = (
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + ' '}}"
    "{# Render all images first #}{% for content in message['content'] | selectattr('type', 'equalto', 'image') %}{{ '<image>\n' }}{% endfor %}"
    "{# Render all video then #}{% for content in message['content'] | selectattr('type', 'equalto', 'video') %}{{ '<video>\n' }}{% endfor %}"
    "{# Render all text next #}{% if message['role'] != 'assistant' %}"
    "{% for content in message['content'] | selectattr('type', 'equalto', 'text') %}{{ '\n' + content['text'] }}{% endfor %}"
    "{% else %}{% for content in message['content'] | selectattr('type', 'equalto', 'text') %}"
    "{% generation %}{{ '\n' + content['text'] }}{% endgeneration %}{% endfor %}{% endif %}"
    "{{'<|im_end|>'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


QWEN_TEMPLATE = (
    "{% set image_count = namespace(value=0) %}{% set video_count = namespace(value=0) %}{% for message in messages %}"
    "{% if loop.first and message['role'] != 'system' %}<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n{% endif %}"
    "<|im_start|>{{ message['role'] }}\n{% if message['content'] is string %}{{ message['content'] }}<|im_end|>\n"
    "{% else %}{% for content in message['content'] %}{% if content['type'] == 'image' or 'image' in content or 'image_url' in content %}"
    "{% set image_count.value = image_count.value + 1 %}{% if add_vision_id %}Picture {{ image_count.value }}: {% endif %}"
    "<|vision_start|><|image_pad|><|vision_end|>{% elif content['type'] == 'video' or 'video' in content %}"
    "{% set video_count.value = video_count.value + 1 %}{% if add_vision_id %}Video {{ video_count.value }}: {% endif %}"
    "<|vision_start|><|video_pad|><|vision_end|>{% elif 'text' in content %}{{ content['text'] }}{% endif %}{% endfor %}<|im_end|>\n{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def write(folder, **files):
    (HERE / folder).mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        (HERE / folder / f"{name}.json").write_text(text, encoding="utf-8")
    (HERE / folder / "README.md").write_text("---\nlicense: cc0-1.0\n---\nSettings of a published family in a size for tests.\n")


def tokenizer(special, normalizer, before, use_regex):
    """tokenizer.json with the special tokens after the ordinary ones, and the ids of the special ones."""
    vocabulary, merges = train_bpe()
    ids = {token: len(vocabulary) + i for i, token in enumerate(special)}
    added = [dict(id=i, content=token, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
             for token, i in ids.items()]
    byte_level = dict(type="ByteLevel", add_prefix_space=False, trim_offsets=True, use_regex=use_regex)
    model = dict(type="BPE", dropout=None, unk_token=None, continuing_subword_prefix=None, end_of_word_suffix=None, fuse_unk=False,
                 byte_fallback=False, ignore_merges=False, vocab=vocabulary, merges=[list(pair) for pair in merges])
    return ids, dict(
        version="1.0", truncation=None, padding=None, added_tokens=added, normalizer=normalizer,
        pre_tokenizer=dict(type="Sequence", pretokenizers=[before, byte_level]), post_processor=None,
        decoder=dict(byte_level, use_regex=True), model=model)


def smolvlm():
    ids, tokens = tokenizer(
        ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<global-img>", "<row_1_col_1>", "<fake_token_around_image>", "<image>",
         "<end_of_utterance>"],
        None, dict(type="Digits", individual_digits=True), True)
    end, pad = ids["<end_of_utterance>"], ids["<|im_end|>"]
    text = dict(
        architectures=["VLlama3ForCausalLM"], model_type="llama", hidden_size=96, intermediate_size=128, num_hidden_layers=3,
        num_attention_heads=6, num_key_value_heads=2, head_dim=16, vocab_size=end + 1, max_position_embeddings=8192,
        pad_token_id=pad, rms_norm_eps=1e-5, rope_theta=100000, tie_word_embeddings=False)
    vision = dict(
        model_type="smolvlm_vision", hidden_size=48, image_size=32, intermediate_size=64, num_attention_heads=4, num_hidden_layers=2,
        patch_size=4, max_image_size=dict(longest_edge=32), size=dict(longest_edge=128))
    write(
        "tiny-smolvlm",
        config=dict(
            architectures=["SmolVLMForConditionalGeneration"], image_token_id=ids["<image>"], model_type="smolvlm", pad_token_id=pad,
            scale_factor=2, text_config=text, tie_word_embeddings=False, vision_config=vision, vocab_size=end + 1),
        generation_config=dict(_from_model_config=True, bos_token_id=ids["<|im_start|>"], eos_token_id=end, pad_token_id=pad),
        preprocessor_config=dict(
            do_convert_rgb=True, do_image_splitting=True, do_normalize=True, do_pad=True, do_rescale=True, do_resize=True,
            image_mean=[0.5] * 3, image_processor_type="SmolVLMImageProcessor", image_std=[0.5] * 3, max_image_size=dict(longest_edge=32),
            processor_class="SmolVLMProcessor", resample=1, rescale_factor=1 / 255, size=dict(longest_edge=128),
            video_sampling=dict(fps=1, max_frames=64, video_size=dict(longest_edge=32))),
        processor_config=dict(image_seq_len=16, processor_class="SmolVLMProcessor"),
        chat_template=dict(chat_template=SMOL_TEMPLATE),
        tokenizer_config=dict(
            add_prefix_space=False, bos_token="<|im_start|>", chat_template=SMOL_TEMPLATE, clean_up_tokenization_spaces=False,
            end_of_utterance_token="<end_of_utterance>", eos_token="<end_of_utterance>", fake_image_token="<fake_token_around_image>",
            global_image_token="<global-img>", image_token="<image>", legacy=False, model_max_length=8192, pad_token="<|im_end|>",
            processor_class="SmolVLMProcessor", tokenizer_class="GPT2Tokenizer", truncation_side="left", unk_token="<|endoftext|>"),
        tokenizer=tokens)


def onevision():
    ids, tokens = tokenizer(
        ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<image>", "<video>"], dict(type="NFC"),
        dict(type="Split", pattern=dict(Regex=QWEN2), behavior="Isolated", invert=False), False)
    end, pad = ids["<|im_end|>"], ids["<|endoftext|>"]
    text = dict(
        model_type="qwen2", hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        vocab_size=ids["<video>"] + 1, max_position_embeddings=32768, bos_token_id=pad, eos_token_id=end, rms_norm_eps=1e-6,
        rope_theta=1000000.0, tie_word_embeddings=True)
    vision = dict(
        model_type="siglip_vision_model", hidden_size=48, image_size=40, intermediate_size=64, num_attention_heads=4, num_hidden_layers=2,
        patch_size=8, vision_use_head=False)
    picture = dict(
        do_convert_rgb=True, do_normalize=True, do_rescale=True, do_resize=True, image_mean=[0.5] * 3, image_std=[0.5] * 3,
        processor_class="LlavaOnevisionProcessor", resample=3, rescale_factor=1 / 255, size=dict(height=40, width=40))
    write(
        "tiny-onevision",
        config=dict(
            architectures=["LlavaOnevisionForConditionalGeneration"], ignore_index=-100, image_grid_pinpoints=[[40, 40], [40, 80]],
            image_token_index=ids["<image>"], model_type="llava_onevision", projector_hidden_act="gelu", text_config=text,
            tie_word_embeddings=False, use_image_newline_parameter=True, video_token_index=ids["<video>"], vision_aspect_ratio="anyres_max_9",
            vision_config=vision, vision_feature_layer=-1, vision_feature_select_strategy="full"),
        generation_config=dict(_from_model_config=True, bos_token_id=pad, eos_token_id=end, pad_token_id=pad),
        preprocessor_config=dict(picture, image_grid_pinpoints=[[40, 40], [40, 80]], image_processor_type="LlavaOnevisionImageProcessor"),
        chat_template=dict(chat_template=ONEVISION_TEMPLATE),
        tokenizer_config=dict(
            add_prefix_space=False, bos_token=None, chat_template=ONEVISION_TEMPLATE, clean_up_tokenization_spaces=False,
            eos_token="<|im_end|>", errors="replace", model_max_length=32768, pad_token="<|endoftext|>",
            processor_class="LlavaOnevisionProcessor", split_special_tokens=False, tokenizer_class="Qwen2Tokenizer", unk_token=None),
        tokenizer=tokens)


def qwen2vl():
    ids, tokens = tokenizer(
        ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>"], dict(type="NFC"),
        dict(type="Split", pattern=dict(Regex=QWEN2), behavior="Isolated", invert=False), False)
    end, pad = ids["<|im_end|>"], ids["<|endoftext|>"]
    write(
        "tiny-qwen2vl",
        config=dict(
            architectures=["Qwen2VLForConditionalGeneration"], model_type="qwen2_vl", bos_token_id=pad, eos_token_id=end,
            image_token_id=ids["<|image_pad|>"], video_token_id=ids["<|video_pad|>"], vision_start_token_id=ids["<|vision_start|>"],
            vision_end_token_id=ids["<|vision_end|>"], hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, vocab_size=ids["<|video_pad|>"] + 1, max_position_embeddings=32768, rms_norm_eps=1e-6, rope_theta=1000000.0,
            rope_scaling=dict(type="mrope", mrope_section=[2, 3, 3]), tie_word_embeddings=True,
            vision_config=dict(
                depth=2, embed_dim=48, hidden_size=64, in_chans=3, mlp_ratio=2, model_type="qwen2_vl", num_heads=4, patch_size=4,
                spatial_merge_size=2, spatial_patch_size=4, temporal_patch_size=2)),
        generation_config=dict(bos_token_id=pad, eos_token_id=[end, pad], pad_token_id=pad),
        preprocessor_config=dict(
            min_pixels=64, max_pixels=768, patch_size=4, temporal_patch_size=2, merge_size=2, image_mean=[0.48145466, 0.4578275, 0.40821073],
            image_std=[0.26862954, 0.26130258, 0.27577711], image_processor_type="Qwen2VLImageProcessor", processor_class="Qwen2VLProcessor"),
        chat_template=dict(chat_template=QWEN_TEMPLATE),
        tokenizer_config=dict(
            add_prefix_space=False, bos_token=None, chat_template=QWEN_TEMPLATE, clean_up_tokenization_spaces=False, eos_token="<|im_end|>",
            errors="replace", model_max_length=32768, pad_token="<|endoftext|>", split_special_tokens=False, tokenizer_class="Qwen2Tokenizer",
            unk_token=None),
        tokenizer=tokens)


def whisper():
    special = ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|de|>", "<|fr|>", "<|translate|>", "<|transcribe|>", "<|nospeech|>", "<|notimestamps|>"]
    ids, tokens = tokenizer(special, None, dict(type="ByteLevel", add_prefix_space=False, trim_offsets=True, use_regex=True), False)
    tokens["pre_tokenizer"] = dict(type="ByteLevel", add_prefix_space=False, trim_offsets=True, use_regex=True)
    end, start, last, seconds = ids["<|endoftext|>"], ids["<|startoftranscript|>"], ids["<|notimestamps|>"], 2
    positions = 50 * seconds
    write(
        "tiny-whisper",
        config=dict(
            architectures=["WhisperForConditionalGeneration"], model_type="whisper", is_encoder_decoder=True, d_model=32, decoder_layers=2,
            decoder_attention_heads=2, decoder_ffn_dim=64, encoder_layers=1, encoder_attention_heads=2, encoder_ffn_dim=64, num_mel_bins=80,
            max_source_positions=positions, max_target_positions=64, vocab_size=last + 2 + positions, bos_token_id=end, eos_token_id=end,
            pad_token_id=end, decoder_start_token_id=start),
        generation_config=dict(
            bos_token_id=end, eos_token_id=end, pad_token_id=end, decoder_start_token_id=start, no_timestamps_token_id=last, is_multilingual=True,
            lang_to_id={name: ids[name] for name in ("<|en|>", "<|de|>", "<|fr|>")},
            task_to_id=dict(transcribe=ids["<|transcribe|>"], translate=ids["<|translate|>"]), max_length=64,
            suppress_tokens=[1, 5, start, ids["<|translate|>"], ids["<|transcribe|>"], ids["<|nospeech|>"]], begin_suppress_tokens=[3, end]),
        preprocessor_config=dict(
            chunk_length=seconds, feature_extractor_type="WhisperFeatureExtractor", feature_size=80, hop_length=160, n_fft=400,
            n_samples=16000 * seconds, nb_max_frames=100 * seconds, padding_side="right", padding_value=0.0, processor_class="WhisperProcessor",
            return_attention_mask=False, sampling_rate=16000),
        tokenizer_config=dict(
            add_prefix_space=False, bos_token="<|endoftext|>", clean_up_tokenization_spaces=True, eos_token="<|endoftext|>", errors="replace",
            model_max_length=1024, pad_token="<|endoftext|>", processor_class="WhisperProcessor", return_attention_mask=False,
            tokenizer_class="WhisperTokenizer", unk_token="<|endoftext|>"),
        tokenizer=tokens)


if __name__ == "__main__":
    smolvlm()
    onevision()
    qwen2vl()
    whisper()
